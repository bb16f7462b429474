import type { Interner } from '../../metrics/sums/interner.ts';
import type { Changes } from '../../metrics/writes.ts';
import { ABSENT, IdColumn } from '../columns/column.ts';
import type { OpenBuckets } from '../state/bucketed-state.ts';
import { bucketOf } from '../state/buckets.ts';

/** In which bucket the store has a record of each user, under the user's id behind a prefix. */
export class Placement {
  private readonly users: Interner;
  private readonly prefix: string;
  /** 0: in none. */
  private readonly places = new IdColumn();

  constructor(users: Interner, prefix: string) {
    this.users = users;
    this.prefix = prefix;
  }

  set(user: number, bucket: number): void {
    this.places.set(user, bucket < 0 ? bucket - 1 : bucket + 1);
  }

  /**
   * Moves a user's record to where its lane time belongs.
   * @returns where the value is to be written, or undefined where it would be dead
   */
  move(user: number, laneMs: number, into: OpenBuckets): Changes | undefined {
    const { users, prefix } = this;
    const bucket = bucketOf(into.plan, laneMs);
    const before = this.of(user);
    if (before !== undefined && before !== bucket) into.of(before).taken.push(prefix + users.text(user));
    if (!into.isAlive(bucket)) {
      this.places.set(user, 0);
      return undefined;
    }
    this.set(user, bucket);
    const changes = into.of(bucket);
    changes.field().text(prefix).copy(users.bytes, users.from(user), users.to(user));
    changes.value();
    return changes;
  }

  /** Takes a user's record away. */
  remove(user: number, into: OpenBuckets): void {
    const before = this.of(user);
    if (before !== undefined) into.of(before).taken.push(this.prefix + this.users.text(user));
    this.places.set(user, 0);
  }

  private of(user: number): number | undefined {
    const place = this.places.at(user);
    if (place === 0 || place === ABSENT) return undefined;
    return place < 0 ? place + 1 : place - 1;
  }
}
