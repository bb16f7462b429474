import { partitionName } from '../events/partition.ts';
import type { Dictionaries } from '../metrics/sums/dictionaries.ts';
import { Writes } from '../metrics/writes.ts';
import type { FoldedBatch, LoadedLane } from './batch.ts';
import { CartBook } from './carts/cart-book.ts';
import type { Lane } from './lane.ts';
import { dimensionsOf, type FoldContext, openLane, saveLane } from './open-lane.ts';
import { decodeOrder } from './orders/order-record.ts';
import { type FoldSettings, LIVE } from './settings.ts';
import { byKind, plansOf } from './state/bucket-plans.ts';
import { dropLane, type LaneState, takeFromLane } from './state/lane-state.ts';
import { decodeCart } from './state/records.ts';
import {
  type LaneNeeds,
  type LanePart,
  type LaneSnapshot,
  type LaneTime,
  laneTimeOf,
  timesBy,
} from './state/snapshot.ts';
import { laneTimes } from './state/state-families.ts';
import { isUserField, sessionField, sessionOfField, userField } from './state/state-keys.ts';
import { importTakenBackIn } from './taken-back/lane-name.ts';
import { type ListedCarts, type TakenOut, takeOut } from './taken-back/take-out.ts';
import { readMarks } from './users/stored-marks.ts';
import { decodeKnown } from './visitors/known-user.ts';
import { isOver, type SessionState, type UserState } from './visitors/session-state.ts';
import { OF_IMPORT } from './visitors/session-table.ts';
import { usersOf } from './visitors/users-of.ts';
import { readSession } from './visitors/visitor-records.ts';

/** The live lane's fields that a part of a closing lane might clash with. */
export function liveNeedsAtClose(
  { snapshot: closing, isAll }: LanePart,
  live: LaneTime | undefined,
  arrivedAtMs: number,
  settings: FoldSettings,
  dictionaries: Dictionaries,
): LaneNeeds {
  // Carts that have moved are abandoned when all have.
  const untilMs = isAll ? (live?.ownMs ?? arrivedAtMs) : 0;
  const users = [...closing.carts.keys()];
  const visitors = new Set(closing.visitors.keys());
  // A session may have come in another part than its user.
  for (const field of closing.visitors.keys())
    if (!isUserField(field)) visitors.add(userField(sessionOfField(field).userId));
  for (const [userId, { current }] of usersOf(closing, settings, dictionaries))
    if (current !== undefined) visitors.add(sessionField(userId, dictionaries.sessions.text(current.id)));
  return {
    ...byKind((kind) => [...closing[kind].keys()]),
    lane: LIVE,
    times: timesBy(live),
    visitors: [...visitors],
    users,
    seen: isAll,
    untilMs,
  };
}

/** A lane that closes, and what the live one has of what is left in it. */
export interface ClosingLane {
  readonly lane: string;
  readonly arrivedAtMs: number;
  readonly closing: LanePart;
  readonly live: LoadedLane;
  /** Of an import that is taken back: those of its carts that are listed. */
  readonly listed?: ListedCarts | undefined;
}

/**
 * An import ended: what is still alive in its lane moves to the live one, part by part, and in the end nothing of the lane is left. Where it
 * is taken back, what had moved so goes again.
 */
export function closeLane(
  { lane: name, closing: { snapshot: closing, isAll }, live: loadedLive, arrivedAtMs, listed }: ClosingLane,
  times: ReadonlyMap<string, LaneTime>,
  context: FoldContext,
): FoldedBatch {
  const { snapshot: liveSnapshot } = loadedLive;
  const writes = new Writes(context.memory.sums);
  const nextTimes = new Map(times);
  const liveTime = times.get(LIVE);
  const ownMs = liveTime?.ownMs ?? arrivedAtMs;
  const untilMs = isAll ? ownMs : 0;
  const live = openLane(LIVE, { snapshot: liveSnapshot, asked: [] }, untilMs, times, context, writes);
  const nowMs = live.advanceTo(ownMs, arrivedAtMs);
  const importId = importTakenBackIn(name);
  if (importId === undefined) moveState(name, closing, live, { nowMs, arrivedAtMs }, context);
  else takeOut(takenOut(importId, closing, listed, live, writes, context), nowMs);
  live.advanceTo(ownMs, arrivedAtMs);
  nextTimes.set(LIVE, laneTimeOf(ownMs, liveTime?.arrivedAtMs ?? arrivedAtMs, liveTime?.heardMs));
  saveLane(LIVE, live, nextTimes.get(LIVE), context, writes);
  const closed = times.get(name);
  if (!isAll) takeFromLane(writes, dimensionsOf(context.partition, name), closing, plansOf(context.settings));
  else if (closed !== undefined) {
    dropLane(writes, dimensionsOf(context.partition, name), plansOf(context.settings), closed.timeMs);
    writes.remove(laneTimes, partitionName(context.partition), name);
    nextTimes.delete(name);
  }
  return { writes, lanes: nextTimes, tallies: {}, isMemoryTrue: false };
}

function takenOut(
  importId: string,
  closing: LaneSnapshot,
  listed: ListedCarts = new Map(),
  live: Lane,
  writes: Writes,
  { partition, settings, calendar, memory }: FoldContext,
): TakenOut {
  const { cartTimeoutMs } = settings;
  const outboxDimensions = partitionName(partition);
  const book = new CartBook({ cartTimeoutMs, calendar, memory, writes, outboxDimensions, isTakenBack: true });
  return { importId, closing, listed, live, book, settings, dictionaries: memory.sums.dictionaries };
}

/** Sessions, orders, known users, buyers and carts that are still alive; what the live lane knows better stays as it is. */
function moveState(
  importId: string,
  closing: LaneSnapshot,
  live: Lane,
  { nowMs, arrivedAtMs }: { readonly nowMs: number; readonly arrivedAtMs: number },
  { settings, memory }: FoldContext,
): void {
  const { state, carts } = live;
  const { visitors } = state;
  const { dictionaries } = memory.sums;
  const plans = plansOf(settings);
  for (const [userId, user] of usersOf(closing, settings, dictionaries))
    moveUser(state, userId, user, nowMs, dictionaries);
  for (const [field, { bucket, value }] of closing.visitors) {
    if (isUserField(field)) continue;
    const { userId, sessionId } = sessionOfField(field);
    const user = visitors.ofId(userId);
    const isNewest =
      visitors.sessionOf(user) !== undefined && dictionaries.sessions.text(visitors.sessionId.at(user)) === sessionId;
    if (!isNewest) move(state, field, readSession(value, bucket * plans.visitors.widthMs, dictionaries), nowMs);
  }
  for (const [field, { value }] of closing.orders) {
    const order = decodeOrder(value);
    const alive = nowMs - order.laneMs <= settings.transactionWindowMs;
    if (alive && state.orders.get(field) === undefined)
      state.orders.put(field, { ...order, laneMs: Math.min(order.laneMs, nowMs), importId });
  }
  for (const [userId, { bucket, value }] of closing.known) {
    const known = decodeKnown(value, bucket * plans.known.widthMs);
    if (known.beganMs === undefined) continue;
    const user = visitors.ofId(userId);
    visitors.expire(user, nowMs);
    const beganMs = Math.min(known.beganMs, nowMs);
    const touch = known.touch && { ...known.touch, atMs: Math.min(known.touch.atMs, nowMs) };
    const isAlive = nowMs - beganMs <= plans.known.lifeMs;
    // Guests of an import are nobody else.
    if (isAlive) visitors.knownUsers.putKnown(user, { beganMs, touch, bonds: undefined }, importId);
  }
  for (const [userId, { bucket, value }] of closing.marks) {
    const states = readMarks(value, bucket * plans.marks.widthMs, dictionaries);
    const brought = states.map((state) => ({ ...state, importId }));
    live.users.takeIn(visitors.ofId(userId), brought, nowMs);
  }
  for (const [userId, { value }] of closing.buyers) visitors.buyers.addOfImport(visitors.ofId(userId), importId, value);
  // In an order of their own: a hash has none, and what is said about carts keeps the order in which it is said.
  for (const [userId, text] of [...closing.carts].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const cart = decodeCart(text);
    const user = visitors.ofId(userId);
    if (!visitors.carts.has(user)) carts.adopt(user, cart);
    else carts.supersede(userId, cart, arrivedAtMs);
  }
}

/** Where the live lane knows the user, the session that was their newest in the import is one before the newest. */
function moveUser(state: LaneState, userId: string, moved: UserState, nowMs: number, { sessions }: Dictionaries): void {
  const { visitors } = state;
  const { current } = moved;
  const user = visitors.ofId(userId);
  visitors.expire(user, nowMs);
  if (visitors.isVisitor(user)) {
    const isSame = visitors.sessionOf(user) !== undefined && visitors.sessionId.at(user) === current?.id;
    if (current !== undefined && !isSame)
      move(state, sessionField(userId, sessions.text(current.id)), current.session, nowMs);
    return;
  }
  if (isOver(moved.laneMs, nowMs)) return;
  const goesOn = current !== undefined && !isOver(current.session.laneMs, nowMs);
  visitors.put(user, {
    ...moved,
    laneMs: Math.min(moved.laneMs, nowMs),
    current: goesOn ? { ...current, session: upTo(current.session, nowMs) } : undefined,
  });
  visitors.touch(user);
}

function move({ sessions, visitors }: LaneState, field: string, moved: SessionState, nowMs: number): void {
  if (isOver(moved.laneMs, nowMs) || sessions.get(field) !== undefined) return;
  sessions.put(field, visitors.sessions.put(upTo(moved, nowMs)));
}

const upTo = (session: SessionState, nowMs: number): SessionState => ({
  ...session,
  flags: session.flags | OF_IMPORT,
  laneMs: Math.min(session.laneMs, nowMs),
});
