import type { StateFamily } from '../../metrics/family.ts';
import type { ByteText } from '../../metrics/sums/byte-text.ts';
import type { Changes, Writes } from '../../metrics/writes.ts';
import { type BucketPlan, bucketOf, oldestAlive } from './buckets.ts';
import type { Bucketed } from './snapshot.ts';

/** How values of a family are stored, and by which lane time they are put into buckets. */
export interface Codec<T> {
  readonly family: StateFamily;
  readonly plan: BucketPlan;
  /** @param bucketMs lane time at which the value's bucket begins */
  decode(text: string, bucketMs: number): T;
  encode(value: T, bucketMs: number, into: ByteText): void;
  laneMs(value: T): number;
  /** Whoever puts a value has not looked whether an older bucket has one. */
  readonly isPutUnread?: boolean;
  /** It is not known any more; to be called where something else than this hangs on it. */
  forget?(value: T): void;
}

/** The lane's time, which runs on while a unit is folded; undefined before it has any. */
export interface LaneClock {
  readonly timeMs: number | undefined;
}

/** A value and the bucket in which the store has it; without either where the store has none. */
export class Entry<T> {
  value: T | undefined;
  storedIn: number | undefined;
  /** Into which it belongs, where that is not as the value says when it is asked. */
  bucket: number | undefined;
  changed = false;

  constructor(value: T | undefined, storedIn: number | undefined) {
    this.value = value;
    this.storedIn = storedIn;
    this.bucket = storedIn;
  }

  put(value: T, bucket?: number): void {
    this.value = value;
    this.bucket = bucket;
    this.changed = true;
  }

  remove(): void {
    this.value = undefined;
    this.changed = this.storedIn !== undefined;
  }
}

/** The buckets of one family into which a unit writes. */
export class OpenBuckets {
  readonly plan: BucketPlan;
  private readonly writes: Writes;
  private readonly family: StateFamily;
  private readonly dimensions: string;
  private readonly oldest: number;
  private readonly newest: number;
  private readonly opened = new Map<number, Changes>();

  /** @param toMs lane time at the end of the unit: what is dead by then is not written, since its bucket would never be dropped again */
  constructor(
    writes: Writes,
    { family, plan }: { readonly family: StateFamily; readonly plan: BucketPlan },
    dimensions: string,
    toMs: number,
  ) {
    this.writes = writes;
    this.family = family;
    this.plan = plan;
    this.dimensions = dimensions;
    this.oldest = oldestAlive(plan, toMs);
    this.newest = bucketOf(plan, toMs);
  }

  /** Lane time at which the bucket of another begins. */
  beginOf(laneMs: number): number {
    return bucketOf(this.plan, laneMs) * this.plan.widthMs;
  }

  isAlive(bucket: number): boolean {
    return bucket >= this.oldest;
  }

  get alive(): number[] {
    return Array.from({ length: this.newest - this.oldest + 1 }, (_, i) => this.oldest + i);
  }

  of(bucket: number): Changes {
    const known = this.opened.get(bucket);
    if (known !== undefined) return known;
    const made = this.writes.changes(this.family, `${this.dimensions}:${bucket}`);
    this.opened.set(bucket, made);
    return made;
  }
}

/** Values of one bucketed family while a unit is folded: decoded on first use, moved and written back where they changed. */
export class BucketedState<T> {
  private readonly entries = new Map<string, Entry<T>>();
  private readonly stored: ReadonlyMap<string, Bucketed>;
  private readonly codec: Codec<T>;
  private readonly clock: LaneClock;

  constructor(stored: ReadonlyMap<string, Bucketed>, codec: Codec<T>, clock: LaneClock) {
    this.stored = stored;
    this.codec = codec;
    this.clock = clock;
  }

  get(field: string): T | undefined {
    return this.entry(field).value;
  }

  put(field: string, value: T): void {
    this.entry(field).put(value, bucketOf(this.codec.plan, this.codec.laneMs(value)));
  }

  /** For whoever reads a value and puts another: looked up once. */
  entry(field: string): Entry<T> {
    const entry = this.entries.get(field) ?? this.read(field);
    this.entries.set(field, entry);
    this.expire(entry);
    return entry;
  }

  /** Writes what changed, and takes it out of the bucket in which it lay before. */
  save(writes: Writes, dimensions: string, toMs: number): void {
    const into = new OpenBuckets(writes, this.codec, dimensions, toMs);
    // There are thousands of them: an iterator would make a pair for each.
    this.entries.forEach((entry, field) => {
      if (entry.changed) this.saveEntry(field, entry, into);
    });
  }

  each(visit: (value: T) => void): void {
    this.entries.forEach(({ value }) => {
      if (value !== undefined) visit(value);
    });
  }

  private saveEntry(field: string, { value, storedIn, bucket: known }: Entry<T>, into: OpenBuckets): void {
    const { plan } = into;
    const bucket = value === undefined ? undefined : (known ?? bucketOf(plan, this.codec.laneMs(value)));
    if (value !== undefined && bucket !== undefined && into.isAlive(bucket)) {
      const changes = into.of(bucket);
      changes.field().text(field);
      this.codec.encode(value, bucket * plan.widthMs, changes.value());
      changes.end();
    }
    const may = storedIn === undefined && this.codec.isPutUnread === true ? into.alive : [storedIn];
    for (const one of may) if (one !== undefined && one !== bucket) into.of(one).taken.push(field);
  }

  /** A bucket is dropped with the unit; what lies in it is not known from when on it is dead, so that any cut of the log gives the same. */
  private expire(entry: Entry<T>): void {
    const { value } = entry;
    const { timeMs } = this.clock;
    if (value === undefined || timeMs === undefined) return;
    const { plan, laneMs, forget } = this.codec;
    if ((entry.bucket ?? bucketOf(plan, laneMs(value))) >= oldestAlive(plan, timeMs)) return;
    forget?.(value);
    entry.value = undefined;
  }

  private read(field: string): Entry<T> {
    const found = this.stored.get(field);
    if (found === undefined) return new Entry<T>(undefined, undefined);
    const { decode, plan } = this.codec;
    return new Entry(decode(found.value, found.bucket * plan.widthMs), found.bucket);
  }
}
