import type { StateFamily } from '../analytics/families.ts';
import type { Writes } from '../analytics/writes.ts';
import { type BucketPlan, bucketOf, isDead } from './buckets.ts';
import type { Bucketed } from './ports.ts';

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
  readonly storedIn: number | undefined;
  changed: boolean;
}

/** Values of one bucketed family while a batch is folded: decoded on first use, moved and written back where they changed. */
export class BucketedState<T> {
  private readonly kept = new Map<string, Kept<T>>();
  private readonly stored: ReadonlyMap<string, Bucketed>;
  private readonly codec: Codec<T>;

  constructor(stored: ReadonlyMap<string, Bucketed>, codec: Codec<T>) {
    this.stored = stored;
    this.codec = codec;
  }

  get(field: string): T | undefined {
    const known = this.kept.get(field);
    if (known) return known.value;
    const found = this.stored.get(field);
    if (found === undefined) return undefined;
    const value = this.codec.decode(found.value);
    this.kept.set(field, { value, storedIn: found.bucket, changed: false });
    return value;
  }

  put(field: string, value: T): void {
    const known = this.kept.get(field);
    if (known) {
      known.value = value;
      known.changed = true;
    } else this.kept.set(field, { value, storedIn: this.stored.get(field)?.bucket, changed: true });
  }

  /** Where lane time ran far ahead within a batch, a bucket would never be dropped again: what is dead is not written. */
  save(writes: Writes, dimensions: string, toMs: number): void {
    const { family, plan, encode, laneMs } = this.codec;
    for (const [field, { value, storedIn, changed }] of this.kept) {
      if (!changed) continue;
      const bucket = bucketOf(plan, laneMs(value));
      if (!isDead(plan, laneMs(value), toMs)) writes.put(family, `${dimensions}:${bucket}`, field, encode(value));
      if (storedIn !== undefined && storedIn !== bucket) writes.remove(family, `${dimensions}:${storedIn}`, field);
    }
  }
}
