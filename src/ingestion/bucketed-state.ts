import type { StateFamily } from '../analytics/families.ts';
import type { Writes } from '../analytics/writes.ts';
import { type BucketPlan, bucketOf, isDead } from './buckets.ts';
import type { Remembered } from './lane-memory.ts';
import type { Bucketed } from './ports.ts';
import type { Recent } from './recent.ts';

/** How values of a family are stored, and by which lane time they are put into buckets. */
export interface Codec<T> {
  readonly family: StateFamily;
  readonly plan: BucketPlan;
  decode(text: string): T;
  encode(value: T): string;
  laneMs(value: T): number;
}

interface Kept<T> {
  value: T;
  storedIn: number | undefined;
  changed: boolean;
}

/** Values of one bucketed family while a batch is folded: decoded on first use, moved and written back where they changed. */
export class BucketedState<T> {
  private readonly kept = new Map<string, Kept<T>>();
  private readonly stored: ReadonlyMap<string, Bucketed>;
  private readonly codec: Codec<T>;
  private readonly recent: Recent<Remembered<T>> | undefined;

  constructor(stored: ReadonlyMap<string, Bucketed>, codec: Codec<T>, recent?: Recent<Remembered<T>>) {
    this.stored = stored;
    this.codec = codec;
    this.recent = recent;
  }

  get(field: string): T | undefined {
    const known = this.kept.get(field);
    if (known) return known.value;
    const { value, storedIn } = this.find(field);
    if (value !== undefined) this.kept.set(field, { value, storedIn, changed: false });
    return value;
  }

  put(field: string, value: T): void {
    const known = this.kept.get(field);
    if (known) {
      known.value = value;
      known.changed = true;
    } else this.kept.set(field, { value, storedIn: this.storedIn(field), changed: true });
  }

  /** Where lane time ran far ahead within a batch, a bucket would never be dropped again: what is dead is not written. */
  save(writes: Writes, dimensions: string, toMs: number): void {
    const { family, plan, encode, laneMs } = this.codec;
    for (const [field, kept] of this.kept) {
      const { value, storedIn, changed } = kept;
      if (!changed) continue;
      const bucket = bucketOf(plan, laneMs(value));
      const dead = isDead(plan, laneMs(value), toMs);
      if (!dead) writes.put(family, `${dimensions}:${bucket}`, field, encode(value));
      if (storedIn !== undefined && storedIn !== bucket) writes.remove(family, `${dimensions}:${storedIn}`, field);
      kept.storedIn = dead ? undefined : bucket;
    }
  }

  /** To be called when all that was saved is stored. @param fields what the batch was about, known to the store or not */
  remember(fields: Iterable<string>): void {
    const { recent } = this;
    if (recent === undefined) return;
    // All are looked up before the first is set: what is set may push out what has not been looked up yet.
    const found = [...fields].map((field) => [field, this.kept.get(field) ?? this.find(field)] as const);
    for (const [field, { value, storedIn }] of found) recent.set(field, { value, storedIn });
  }

  private find(field: string): Remembered<T> {
    const remembered = this.recent?.get(field);
    if (remembered !== undefined) return remembered;
    const found = this.stored.get(field);
    return { value: found && this.codec.decode(found.value), storedIn: found?.bucket };
  }

  private storedIn(field: string): number | undefined {
    const remembered = this.recent?.get(field);
    return remembered === undefined ? this.stored.get(field)?.bucket : remembered.storedIn;
  }
}
