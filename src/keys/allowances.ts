import type { Key } from './key.ts';

interface Bucket {
  requests: number;
  atMs: number;
}

/** How often each key may be used, for this process: its rate, and twice as often for a moment. */
export class Allowances {
  private readonly now: () => number;
  private readonly buckets = new Map<string, Bucket>();

  constructor(now: () => number) {
    this.now = now;
  }

  /** @returns whether there was one left */
  take({ id }: Key, perSecond: number): boolean {
    const nowMs = this.now();
    const bucket = this.buckets.get(id) ?? { requests: 2 * perSecond, atMs: nowMs };
    const gained = (Math.max(0, nowMs - bucket.atMs) / 1_000) * perSecond;
    bucket.requests = Math.min(2 * perSecond, bucket.requests + gained);
    bucket.atMs = nowMs;
    this.buckets.set(id, bucket);
    if (bucket.requests < 1) return false;
    bucket.requests -= 1;
    return true;
  }

  /** Forgets keys that are no more. */
  keepOnly(ids: ReadonlySet<string>): void {
    for (const id of this.buckets.keys()) if (!ids.has(id)) this.buckets.delete(id);
  }
}
