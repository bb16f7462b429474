import type { Key } from './key.ts';

interface Bucket {
  requests: number;
  atMs: number;
}

/** How many requests may come at once, for each that may come in a second. */
const BURST = 2;

/** Many who send at once would silence a key for minutes. */
const LONGEST_WAIT_SECONDS = 10;

export const mostAtOnce = (perSecond: number): number => BURST * perSecond;

/** How often each key may be used, for this process: its rate, and twice as often for a moment. */
export class Allowances {
  private readonly now: () => number;
  private readonly buckets = new Map<string, Bucket>();

  constructor(now: () => number) {
    this.now = now;
  }

  /** @returns how many are left behind this one; undefined where there was none left */
  take({ id }: Key, perSecond: number): number | undefined {
    const nowMs = this.now();
    const bucket = this.buckets.get(id) ?? { requests: mostAtOnce(perSecond), atMs: nowMs };
    const gained = (Math.max(0, nowMs - bucket.atMs) / 1_000) * perSecond;
    bucket.requests = Math.min(mostAtOnce(perSecond), bucket.requests + gained);
    bucket.atMs = nowMs;
    this.buckets.set(id, bucket);
    if (bucket.requests < 1) return undefined;
    bucket.requests -= 1;
    return Math.floor(bucket.requests);
  }

  /** So many more have been used: those that follow wait until they are made up for, yet not longer than ten seconds. */
  owe({ id }: Key, perSecond: number, requests: number): void {
    const bucket = this.buckets.get(id);
    if (bucket !== undefined) bucket.requests = Math.max(-LONGEST_WAIT_SECONDS * perSecond, bucket.requests - requests);
  }

  /** Forgets keys that are no more. */
  keepOnly(ids: ReadonlySet<string>): void {
    for (const id of this.buckets.keys()) if (!ids.has(id)) this.buckets.delete(id);
  }
}
