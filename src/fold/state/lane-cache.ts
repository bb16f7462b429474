import type { Entry } from './bucketed-state.ts';
import { LruCache } from './lru-cache.ts';
import type { CartState, OrderState, SessionState, UserState } from './records.ts';
import type { LaneNeeds } from './snapshot.ts';
import { isUserField } from './state-keys.ts';

/** Entries of each kind and lane that are kept at least; others are read from the store again. */
const MIN_ENTRIES = 1_000;

/** Everything of a lane that the events of a batch are about. */
export type LaneFields = Pick<LaneNeeds, 'visitors' | 'users' | 'seen' | 'orders' | 'known'>;

/**
 * A copy of a lane's state that its owner keeps in memory, so that visitors who come again are not read again. Nobody else writes
 * there, so it equals what the store holds; an owner that cannot be sure of that any more has to drop it.
 */
export class LaneCache {
  readonly users = new LruCache<Entry<UserState>>(MIN_ENTRIES);
  readonly sessions = new LruCache<Entry<SessionState>>(MIN_ENTRIES);
  readonly orders = new LruCache<Entry<OrderState>>(MIN_ENTRIES);
  readonly knownUsers = new LruCache<Entry<number>>(MIN_ENTRIES);
  readonly carts = new LruCache<{ readonly cart: CartState | undefined }>(MIN_ENTRIES);

  /** Is this session known to be the user's newest? Then it is kept with the user. */
  isCurrent(userField: string, sessionId: string): boolean {
    return this.users.get(userField)?.value?.current?.id === sessionId;
  }

  /** What of the fields has to be read. */
  unknown({ visitors, users, seen, orders, known }: LaneFields): LaneFields {
    return {
      visitors: visitors.filter((field) => this.visitors(field).get(field) === undefined),
      users: users.filter((field) => this.carts.get(field) === undefined),
      // Almost all ids are new: a cache of them would spare nothing.
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
