import type { Kept } from './bucketed-state.ts';
import { LruCache } from './lru-cache.ts';
import type { CartState, OrderState, SessionState, UserState } from './records.ts';
import type { LaneNeeds } from './snapshot.ts';
import { isUserField } from './state-keys.ts';

/** Entries of each kind and lane that are kept at least; what is not is read from the store again. */
const KEPT = 1_000;

/** Everything of a lane that the events of a batch are about. */
export type LaneFields = Pick<LaneNeeds, 'visitors' | 'users' | 'seen' | 'orders' | 'known'>;

/**
 * What a lane's owner remembers of its state, so that visitors who come again are not read again. It holds what the store
 * holds, since nobody else writes there; an owner that is not sure of that any more has to forget it.
 */
export class LaneCache {
  readonly users = new LruCache<Kept<UserState>>(KEPT);
  readonly sessions = new LruCache<Kept<SessionState>>(KEPT);
  readonly orders = new LruCache<Kept<OrderState>>(KEPT);
  readonly knownUsers = new LruCache<Kept<number>>(KEPT);
  readonly carts = new LruCache<{ readonly cart: CartState | undefined }>(KEPT);

  /** Is this session known to be the user's newest? Then it is kept with the user. */
  isCurrent(userField: string, sessionId: string): boolean {
    return this.users.get(userField)?.value?.current?.id === sessionId;
  }

  /** What of the fields has to be read. */
  unknown({ visitors, users, seen, orders, known }: LaneFields): LaneFields {
    return {
      visitors: visitors.filter((field) => this.visitors(field).get(field) === undefined),
      users: users.filter((field) => this.carts.get(field) === undefined),
      // Ids are new but for a few: remembering them would spare nothing.
      seen,
      orders: orders.filter((field) => this.orders.get(field) === undefined),
      known: known.filter((field) => this.knownUsers.get(field) === undefined),
    };
  }

  private visitors(field: string): Pick<LruCache<unknown>, 'get'> {
    return isUserField(field) ? this.users : this.sessions;
  }
}

/** A partition's lanes, by name. */
export type PartitionCache = Map<string, LaneCache>;
