import type { Dictionaries } from '../../metrics/sums/dictionaries.ts';
import type { Writes } from '../../metrics/writes.ts';
import type { Plans } from './bucket-plans.ts';
import { BucketWriter, Entry } from './bucketed-state.ts';
import { type CartState, decodeMoment, decodeUser, encodeMoment, encodeUser, type UserState } from './records.ts';
import type { LaneSnapshot } from './snapshot.ts';
import { knownUsers, visitors } from './state-families.ts';
import { isUserField, userField, userIdOf } from './state-keys.ts';

/** All that a lane knows of a user. */
export class Visitor {
  readonly user: number;
  /** Has the store been asked? Then what is not known is not there. */
  isLoaded = false;
  isCartLoaded = false;
  /** With the session that began last. */
  readonly state = new Entry<UserState>(undefined, undefined);
  /** Lane time at which the newest session began. */
  readonly known = new Entry<number>(undefined, undefined);
  cart: CartState | undefined;
  /** Of the cart as it is stored. */
  cartBytes = 0;
  /** Is it among those that the unit under way changes? */
  isTouched = false;

  constructor(user: number) {
    this.user = user;
  }
}

const byLaneMs = ({ laneMs }: { readonly laneMs: number }): number => laneMs;

/** A lane's users by their numbers, as far as its owner has met them. */
export class Visitors {
  private readonly dictionaries: Dictionaries;
  private readonly plans: Plans;
  private readonly byNumber: (Visitor | undefined)[] = [];
  private touched: Visitor[] = [];

  constructor(dictionaries: Dictionaries, plans: Plans) {
    this.dictionaries = dictionaries;
    this.plans = plans;
  }

  of(user: number): Visitor {
    const known = this.byNumber[user];
    if (known !== undefined) return known;
    const made = new Visitor(user);
    this.byNumber[user] = made;
    return made;
  }

  ofId(userId: string): Visitor {
    return this.of(this.dictionaries.users.ofText(userId));
  }

  idOf({ user }: Visitor): string {
    return this.dictionaries.users.text(user);
  }

  /** To be told of whoever is changed. */
  touch(visitor: Visitor): void {
    if (visitor.isTouched) return;
    visitor.isTouched = true;
    this.touched.push(visitor);
  }

  /**
   * Takes over what was read; what is known already is newer.
   * @param asked users of whom all was read that there is
   */
  fill({ visitors: stored, known }: LaneSnapshot, asked: Iterable<Visitor>): void {
    const { dictionaries, plans } = this;
    for (const [field, { bucket, value }] of stored) {
      if (!isUserField(field)) continue;
      const { isLoaded, state } = this.ofId(userIdOf(field));
      if (isLoaded) continue;
      state.value = decodeUser(value, bucket * plans.visitors.widthMs, dictionaries);
      state.storedIn = bucket;
    }
    for (const [userId, { bucket, value }] of known) {
      const visitor = this.ofId(userId);
      if (visitor.isLoaded) continue;
      visitor.known.value = decodeMoment(value, bucket * plans.known.widthMs);
      visitor.known.storedIn = bucket;
    }
    for (const visitor of asked) visitor.isLoaded = true;
  }

  save(writes: Writes, dimensions: string, toMs: number): void {
    const { dictionaries, plans } = this;
    const user = {
      family: visitors,
      plan: plans.visitors,
      decode: (text: string, bucketMs: number) => decodeUser(text, bucketMs, dictionaries),
      encode: (state: UserState, bucketMs: number) => encodeUser(state, bucketMs, dictionaries),
      laneMs: byLaneMs,
    };
    const moment = { decode: decodeMoment, encode: encodeMoment, laneMs: (ms: number) => ms };
    const users = new BucketWriter(writes, user, dimensions, toMs);
    const known = new BucketWriter(writes, { family: knownUsers, plan: plans.known, ...moment }, dimensions, toMs);
    for (const visitor of this.touched) {
      const id = this.idOf(visitor);
      visitor.isTouched = false;
      users.save(userField(id), visitor.state);
      known.save(id, visitor.known);
    }
    this.touched = [];
  }
}
