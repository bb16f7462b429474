import type { StateFamily } from '../../metrics/family.ts';
import type { Changes, Writes } from '../../metrics/writes.ts';
import { type BucketPlan, bucketOf, oldestAlive } from './buckets.ts';
import type { LruCache } from './lru-cache.ts';
import type { Bucketed } from './snapshot.ts';

/** How values of a family are stored, and by which lane time they are put into buckets. */
export interface Codec<T> {
  readonly family: StateFamily;
  readonly plan: BucketPlan;
  /** @param bucketMs lane time at which the value's bucket begins */
  decode(text: string, bucketMs: number): T;
  encode(value: T, bucketMs: number): string;
  laneMs(value: T): number;
}

/** A value and the bucket in which the store has it; without either where the store has none. */
export class Kept<T> {
  value: T | undefined;
  storedIn: number | undefined;
  changed = false;

  constructor(value: T | undefined, storedIn: number | undefined) {
    this.value = value;
    this.storedIn = storedIn;
  }

  put(value: T): void {
    this.value = value;
    this.changed = true;
  }

  take(): void {
    this.value = undefined;
    this.changed = this.storedIn !== undefined;
  }
}

/** Values of one bucketed family while a batch is folded: decoded on first use, moved and written back where they changed. */
export class BucketedState<T> {
  private readonly kept = new Map<string, Kept<T>>();
  private readonly stored: ReadonlyMap<string, Bucketed>;
  private readonly codec: Codec<T>;
  private readonly recent: LruCache<Kept<T>> | undefined;

  constructor(stored: ReadonlyMap<string, Bucketed>, codec: Codec<T>, recent?: LruCache<Kept<T>>) {
    this.stored = stored;
    this.codec = codec;
    this.recent = recent;
  }

  get(field: string): T | undefined {
    return this.at(field).value;
  }

  put(field: string, value: T): void {
    this.at(field).put(value);
  }

  /** For whoever looks at a value and puts another: found once. */
  at(field: string): Kept<T> {
    const known = this.kept.get(field);
    if (known !== undefined) return known;
    const kept = this.recent?.get(field) ?? this.read(field);
    this.kept.set(field, kept);
    return kept;
  }

  /** Where lane time ran far ahead within a batch, a bucket would never be dropped again: what is dead is not written. */
  save(writes: Writes, dimensions: string, toMs: number): void {
    const { family, plan, encode, laneMs } = this.codec;
    const oldest = oldestAlive(plan, toMs);
    const opened = new Map<number, Changes>();
    const changesOf = (bucket: number): Changes => {
      const changes = opened.get(bucket) ?? writes.changes(family, `${dimensions}:${bucket}`);
      opened.set(bucket, changes);
      return changes;
    };
    // Thousands of them: without pairs made for looking at them.
    this.kept.forEach((kept, field) => {
      const { value, storedIn, changed } = kept;
      if (!changed) return;
      const bucket = value === undefined ? undefined : bucketOf(plan, laneMs(value));
      const alive = bucket !== undefined && bucket >= oldest;
      if (value !== undefined && alive) changesOf(bucket).put.push(field, encode(value, bucket * plan.widthMs));
      if (storedIn !== undefined && storedIn !== bucket) changesOf(storedIn).taken.push(field);
      kept.storedIn = alive ? bucket : undefined;
      kept.changed = false;
    });
  }

  /** To be called when all that was saved is stored: what the batch was about is known, be it that there is none. */
  commitCache(): void {
    this.kept.forEach((kept, field) => {
      this.recent?.set(field, kept);
    });
  }

  private read(field: string): Kept<T> {
    const found = this.stored.get(field);
    if (found === undefined) return new Kept<T>(undefined, undefined);
    const { decode, plan } = this.codec;
    return new Kept(decode(found.value, found.bucket * plan.widthMs), found.bucket);
  }
}
