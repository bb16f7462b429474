/**
 * Requests for the same that come while it is being read wait for the next reading, and share it. So nobody gets an
 * answer whose reading began before the request came, and many who ask the same at once cost two readings at a time.
 */
export class SharedAnswers<T> {
  private readonly running = new Map<string, Promise<T>>();
  private readonly next = new Map<string, Promise<T>>();

  /** The reading that begins next, where somebody waits for it. */
  waiting(key: string): Promise<T> | undefined {
    return this.next.get(key);
  }

  get(key: string, read: () => Promise<T>): Promise<T> {
    const waiting = this.next.get(key);
    if (waiting !== undefined) return waiting;
    const before = this.running.get(key);
    if (before === undefined) return this.begin(key, read);
    const begin = (): Promise<T> => {
      this.next.delete(key);
      return this.begin(key, read);
    };
    const shared = before.then(begin, begin);
    this.next.set(key, shared);
    return shared;
  }

  private begin(key: string, read: () => Promise<T>): Promise<T> {
    const reading = read().finally(() => {
      if (this.running.get(key) === reading) this.running.delete(key);
    });
    this.running.set(key, reading);
    return reading;
  }
}
