import { partitionOf } from '../events/partitioner.ts';
import { Writes } from '../metrics/writes.ts';
import type { FoldedBatch } from './batch.ts';
import { erasedName } from './erased-name.ts';
import { dropHeld } from './links/on-the-way.ts';
import { Outgoing } from './links/outgoing.ts';
import { dimensionsOf, type FoldContext, openLane, saveLane } from './open-lane.ts';
import { decodeOrder } from './orders/order-record.ts';
import { LIVE } from './settings.ts';
import { keptAs, OF_USERS, type Plans, plansOf } from './state/bucket-plans.ts';
import type { LaneSnapshot, LaneTime } from './state/snapshot.ts';
import { cartIndex, cartRecords } from './state/state-families.ts';
import { isAmong } from './state/state-keys.ts';
import { StoredTuple } from './state/stored-tuple.ts';
import { takesBack } from './taken-back/lane-name.ts';
import { HELD } from './tallies.ts';
import { type Bonds, decodeKnown, NO_BONDS } from './visitors/known-user.ts';

/**
 * Removes what is kept of a user in every lane: sessions, orders, cart, interactions. Counters and HyperLogLogs hold no
 * user that could be taken out; digests of event ids stay until their window is over, so that a repeat still is one.
 */
export function eraseUser(
  userId: string,
  snapshots: ReadonlyMap<string, LaneSnapshot>,
  listed: readonly { readonly day: string; readonly field: string }[],
  times: ReadonlyMap<string, LaneTime>,
  context: FoldContext,
): FoldedBatch {
  const writes = new Writes(context.memory.sums);
  context.memory.countings.erasure({ userId }, writes);
  for (const { day, field } of listed) {
    writes.remove(cartRecords, day, field);
    for (const status of ['abandoned', 'recovered']) writes.schedule(cartIndex, `${status}:${day}`, field, undefined);
  }
  let dropped: ReturnType<typeof dropHeld> = { events: 0, guests: [] };
  for (const [name, snapshot] of snapshots) {
    const lane = openLane(name, { snapshot, asked: [] }, Number.NEGATIVE_INFINITY, times, context, writes);
    lane.carts.erase(lane.state.visitors.ofId(userId));
    if (name === LIVE) lane.orders.keepAsNobodys(userId, snapshot.orders.keys(), times.get(name)?.timeMs ?? 0);
    if (name === LIVE && isTheirs(userId, context))
      dropped = dropHeld(lane.state, userId, bondsIn(userId, snapshot, plansOf(context.settings)).overdue);
    saveLane(name, lane, times.get(name), context, writes);
    for (const { kind, ofUser } of OF_USERS) {
      const { family } = keptAs(kind);
      for (const [field, { bucket }] of snapshot[kind])
        if (isAmong(field, ofUser(userId)))
          writes.remove(family, `${dimensionsOf(context.partition, name)}:${bucket}`, field);
    }
  }
  const live = snapshots.get(LIVE);
  const outgoing = new Outgoing(context.partition, writes, { timeMs: times.get(LIVE)?.heardMs });
  for (const guestId of dropped.guests) outgoing.sayErase(guestId);
  if (live !== undefined) sayErased(userId, live, outgoing, plansOf(context.settings));
  return {
    writes,
    lanes: new Map(times),
    tallies: { erasures: 1, ...(dropped.events > 0 && { [HELD]: -dropped.events }) },
    isMemoryTrue: false,
  };
}

/** An erasure goes to every partition; who signs in as the user is told to their own. */
const isTheirs = (userId: string, { partition, partitions }: FoldContext): boolean =>
  partition.topic === 'events' && partitionOf(userId, partitions) === partition.index;

function bondsIn(userId: string, { known }: LaneSnapshot, plans: Plans): Bonds {
  const found = known.get(userId);
  return (found && decodeKnown(found.value, found.bucket * plans.known.widthMs).bonds) ?? NO_BONDS;
}

/** Guests as which the user came go along, as whom they signed in has them without a name, and no order is theirs any more. */
function sayErased(userId: string, live: LaneSnapshot, outgoing: Outgoing, plans: Plans): void {
  const { orders } = live;
  const { guests, into } = bondsIn(userId, live, plans);
  const whose = erasedName(userId);
  for (const [guestId] of guests) outgoing.sayErase(guestId);
  if (into !== undefined) outgoing.say(into.userId, into.userId, { control: 'nameless', user_id: into.userId, whose });
  // In an order of their own: a hash has none, and what is said keeps the order in which it is said.
  for (const [field, { value }] of [...orders].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const { standing } = decodeOrder(value);
    if (standing.kind === 'taken-back') continue;
    const transactionId = StoredTuple.parse(field).text(1);
    outgoing.say(transactionId, whose, {
      control: 'unclaim',
      transaction_id: transactionId,
      whose,
      at: standing.timestampMs,
    });
  }
}

/**
 * Lanes of which the user may be known: all that the partition has. One in which an import is taken back comes to what the import came to, and is dropped
 * with that; what an erasure ended in the import's own lane it does not know of, and counts on.
 */
export function lanesOf(times: ReadonlyMap<string, LaneTime>): string[] {
  return [...new Set([LIVE, ...times.keys()])].filter((lane) => !takesBack(lane));
}
