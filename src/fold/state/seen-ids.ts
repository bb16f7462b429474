import type { IdHash } from '../../events/ids/id-hash.ts';
import type { Writes } from '../../metrics/writes.ts';
import { type BucketPlan, bucketOf, oldestAlive } from './buckets.ts';
import type { SeenBucket } from './snapshot.ts';
import { seenEvents } from './state-families.ts';

/** An id as it is stored: 96 bits of its hash, and the lane time at which it was counted, after the bucket's beginning. */
const RECORD_BYTES = 16;
const FIRST_SLOTS = 1_024;

/**
 * Which events a lane has counted, bucket by bucket of lane time. A bucket is as long as repeats are looked for, so that only the
 * newest two matter: in memory a table each, in the store a text each that is appended to.
 */
export class SeenIds {
  isLoaded = false;
  private readonly plan: BucketPlan;
  private readonly seed: number;
  private newest: SeenTable | undefined;
  private before: SeenTable | undefined;

  /** @param seed so that nobody can send ids that all lie in one slot */
  constructor(plan: BucketPlan, seed: number) {
    this.plan = plan;
    this.seed = seed;
  }

  /** Takes over what the store holds. */
  load(buckets: readonly SeenBucket[]): void {
    for (const { bucket, ids } of [...buckets].sort((x, y) => x.bucket - y.bucket)) this.open(bucket).load(ids);
    this.isLoaded = true;
  }

  /** Was the event counted within the time in which repeats are looked for? If not, it is noted. */
  isRepeated(id: IdHash, nowMs: number): boolean {
    const { plan } = this;
    const bucket = bucketOf(plan, nowMs);
    const newest = this.open(bucket);
    if (newest.afterMs(id) !== undefined) return true;
    const { before } = this;
    const afterMs = before?.afterMs(id);
    if (before !== undefined && afterMs !== undefined) {
      if (nowMs - (before.bucket * plan.widthMs + afterMs) <= plan.lifeMs) return true;
    }
    newest.note(id, nowMs - bucket * plan.widthMs);
    return false;
  }

  /** Where lane time ran far ahead within a unit, a bucket would never be dropped again: what is dead is not written. */
  save(writes: Writes, dimensions: string, toMs: number): void {
    const oldest = oldestAlive(this.plan, toMs);
    for (const table of [this.before, this.newest]) {
      const fresh = table?.takeFresh();
      if (table === undefined || fresh === undefined || table.bucket < oldest) continue;
      writes.append(seenEvents, `${dimensions}:${table.bucket}`, fresh);
    }
  }

  /** Lane time runs on, never back: what lies before the two newest buckets is not asked for again. */
  private open(bucket: number): SeenTable {
    if (this.newest?.bucket === bucket) return this.newest;
    const opened = new SeenTable(bucket, this.seed);
    this.before = this.newest;
    this.newest = opened;
    return opened;
  }
}

/**
 * The ids of one bucket. What lies where:
 * - `slots`: a hash table by open addressing, at most half full: the number of the id's record and 1, 0 where there is none
 * - `records`: one behind the other as they are stored; those from `stored` on are not written yet
 */
class SeenTable {
  readonly bucket: number;
  private readonly seed: number;
  private slots = new Int32Array(FIRST_SLOTS);
  private records = Buffer.alloc((FIRST_SLOTS / 2) * RECORD_BYTES);
  private words = wordsOf(this.records);
  private count = 0;
  private stored = 0;

  constructor(bucket: number, seed: number) {
    this.bucket = bucket;
    this.seed = seed;
  }

  load(ids: Buffer): void {
    const count = Math.floor(ids.length / RECORD_BYTES);
    while (count * 2 > this.slots.length) this.grow();
    ids.copy(this.records, 0, 0, count * RECORD_BYTES);
    this.count = count;
    this.stored = count;
    this.place();
  }

  /** When the id was counted, after the bucket's beginning; undefined where it was not. */
  afterMs({ a, b, c }: IdHash): number | undefined {
    const { slots, words } = this;
    const mask = slots.length - 1;
    for (let slot = this.slotOf(a, b) & mask; ; slot = (slot + 1) & mask) {
      const number = slots[slot] ?? 0;
      if (number === 0) return undefined;
      const at = (number - 1) * 4;
      if (words[at] === a && words[at + 1] === b && words[at + 2] === c) return words[at + 3];
    }
  }

  note({ a, b, c }: IdHash, afterMs: number): void {
    if (this.count * 2 >= this.slots.length) this.grow();
    const { words } = this;
    const at = this.count * 4;
    words[at] = a;
    words[at + 1] = b;
    words[at + 2] = c;
    words[at + 3] = afterMs;
    this.count += 1;
    this.occupy(this.slotOf(a, b), this.count);
  }

  /** What the store does not have yet; it is taken as written. */
  takeFresh(): Buffer | undefined {
    if (this.stored === this.count) return undefined;
    const fresh = this.records.subarray(this.stored * RECORD_BYTES, this.count * RECORD_BYTES);
    this.stored = this.count;
    return fresh;
  }

  private slotOf(a: number, b: number): number {
    const mix = Math.imul(a ^ this.seed, 0x2c1b3c6d) ^ Math.imul(b + this.seed, 0x297a2d39);
    return mix ^ (mix >>> 15);
  }

  private occupy(from: number, number: number): void {
    const { slots } = this;
    const mask = slots.length - 1;
    let slot = from & mask;
    while (slots[slot] !== 0) slot = (slot + 1) & mask;
    slots[slot] = number;
  }

  private grow(): void {
    const larger = Buffer.alloc(this.records.length * 2);
    this.records.copy(larger);
    this.records = larger;
    this.words = wordsOf(larger);
    this.slots = new Int32Array(this.slots.length * 2);
    this.place();
  }

  private place(): void {
    for (let i = 0; i < this.count; i++)
      this.occupy(this.slotOf(this.words[i * 4] ?? 0, this.words[i * 4 + 1] ?? 0), i + 1);
  }
}

/** The same bytes, four at a time. */
function wordsOf({ buffer, byteOffset, byteLength }: Buffer): Int32Array {
  return new Int32Array(buffer, byteOffset, byteLength / 4);
}
