/** Keeps what was used lately: at least the newest `limit` entries, at most twice as many. */
export class LruCache<T> {
  private young = new Map<string, T>();
  private old = new Map<string, T>();
  private readonly limit: number;

  constructor(limit: number) {
    this.limit = limit;
  }

  get(key: string): T | undefined {
    return this.young.get(key) ?? this.old.get(key);
  }

  set(key: string, value: T): void {
    this.young.set(key, value);
    if (this.young.size < this.limit) return;
    this.old = this.young;
    this.young = new Map();
  }
}
