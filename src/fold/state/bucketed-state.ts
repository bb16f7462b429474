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
export class Entry<T> {
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

  remove(): void {
    this.value = undefined;
    this.changed = this.storedIn !== undefined;
  }
}

/** What a unit changes in the buckets of one family. */
export class BucketWriter<T> {
  private readonly writes: Writes;
  private readonly codec: Codec<T>;
  private readonly dimensions: string;
  private readonly oldest: number;
  private readonly opened = new Map<number, Changes>();

  /** @param toMs lane time at the end of the unit: what is dead by then is not written, since its bucket would never be dropped again */
  constructor(writes: Writes, codec: Codec<T>, dimensions: string, toMs: number) {
    this.writes = writes;
    this.codec = codec;
    this.dimensions = dimensions;
    this.oldest = oldestAlive(codec.plan, toMs);
  }

  /** Writes a value that changed, and takes it out of the bucket in which it lay before. */
  save(field: string, entry: Entry<T>): void {
    const { value, storedIn, changed } = entry;
    if (!changed) return;
    const { plan, encode, laneMs } = this.codec;
    const bucket = value === undefined ? undefined : bucketOf(plan, laneMs(value));
    const alive = bucket !== undefined && bucket >= this.oldest;
    if (value !== undefined && alive) this.changesOf(bucket).put.push(field, encode(value, bucket * plan.widthMs));
    if (storedIn !== undefined && storedIn !== bucket) this.changesOf(storedIn).taken.push(field);
    entry.storedIn = alive ? bucket : undefined;
    entry.changed = false;
  }

  private changesOf(bucket: number): Changes {
    const known = this.opened.get(bucket);
    if (known !== undefined) return known;
    const made = this.writes.changes(this.codec.family, `${this.dimensions}:${bucket}`);
    this.opened.set(bucket, made);
    return made;
  }
}

/** Values of one bucketed family while a unit is folded: decoded on first use, moved and written back where they changed. */
export class BucketedState<T> {
  private readonly entries = new Map<string, Entry<T>>();
  private readonly stored: ReadonlyMap<string, Bucketed>;
  private readonly codec: Codec<T>;
  private readonly cache: LruCache<Entry<T>> | undefined;

  constructor(stored: ReadonlyMap<string, Bucketed>, codec: Codec<T>, cache?: LruCache<Entry<T>>) {
    this.stored = stored;
    this.codec = codec;
    this.cache = cache;
  }

  get(field: string): T | undefined {
    return this.entry(field).value;
  }

  put(field: string, value: T): void {
    this.entry(field).put(value);
  }

  /** For whoever reads a value and puts another: looked up once. */
  entry(field: string): Entry<T> {
    const known = this.entries.get(field);
    if (known !== undefined) return known;
    const entry = this.cache?.get(field) ?? this.read(field);
    this.entries.set(field, entry);
    return entry;
  }

  save(writes: Writes, dimensions: string, toMs: number): void {
    const into = new BucketWriter(writes, this.codec, dimensions, toMs);
    // There are thousands of them: an iterator would make a pair for each.
    this.entries.forEach((entry, field) => {
      into.save(field, entry);
    });
  }

  /** To be called when all that was saved is stored: what the unit was about is known, be it that there is none. */
  commitCache(): void {
    this.entries.forEach((entry, field) => {
      this.cache?.set(field, entry);
    });
  }

  private read(field: string): Entry<T> {
    const found = this.stored.get(field);
    if (found === undefined) return new Entry<T>(undefined, undefined);
    const { decode, plan } = this.codec;
    return new Entry(decode(found.value, found.bucket * plan.widthMs), found.bucket);
  }
}
