export const RETRY_MS = 5_000;

/**
 * Asks again and again, while somebody looks: not in a tab behind others, and not for what is scrolled out of sight.
 */
export class Polling {
  private readonly ask: (signal: AbortSignal) => Promise<number>;
  private readonly stopped = new AbortController();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private dueAtMs = 0;
  private isSeen = true;

  /** @param ask returns in how many milliseconds to ask again */
  constructor(ask: (signal: AbortSignal) => Promise<number>) {
    this.ask = ask;
  }

  start(): void {
    document.addEventListener('visibilitychange', this.run, { signal: this.stopped.signal });
    this.run();
  }

  stop(): void {
    this.stopped.abort();
    clearTimeout(this.timer);
  }

  /** Asks at once, since what it asks about was changed. */
  again(): void {
    this.dueAtMs = Date.now();
    this.run();
  }

  setSeen(isSeen: boolean): void {
    this.isSeen = isSeen;
    // The first answer is for all, so that what is scrolled to is there.
    if (this.dueAtMs > 0) this.run();
  }

  private readonly run = (): void => {
    clearTimeout(this.timer);
    if (document.hidden || !this.isSeen || this.stopped.signal.aborted) return;
    const waitMs = this.dueAtMs - Date.now();
    if (waitMs > 0) {
      if (waitMs < Number.POSITIVE_INFINITY) this.timer = setTimeout(this.run, waitMs);
      return;
    }
    this.dueAtMs = Number.POSITIVE_INFINITY;
    const again = (ms: number): void => {
      this.dueAtMs = Date.now() + ms;
      this.run();
    };
    this.ask(this.stopped.signal).then(again, () => again(RETRY_MS));
  };
}

type Seen = (isSeen: boolean) => void;

/** One element may show the answers of several questions. */
const callbacks = new WeakMap<Element, ReadonlySet<Seen>>();
const observer = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries)
      for (const one of callbacks.get(target) ?? []) one(isIntersecting);
  },
  { rootMargin: '100px' },
);

/** Calls back when the element comes into sight, and when it leaves it. @returns what ends that */
export function observe(element: Element, callback: Seen): () => void {
  callbacks.set(element, new Set([...(callbacks.get(element) ?? []), callback]));
  observer.observe(element);
  return () => {
    const left = new Set(callbacks.get(element));
    left.delete(callback);
    callbacks.set(element, left);
    if (left.size === 0) observer.unobserve(element);
  };
}
