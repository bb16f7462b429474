import { partitionName } from '../events/partition.ts';
import type { Dictionaries } from '../metrics/sums/dictionaries.ts';
import { Writes } from '../metrics/writes.ts';
import { dimensionsOf, type FoldContext, type FoldedBatch, openLane, saveLane } from './batch.ts';
import type { Lane } from './lane.ts';
import { decodeOrder } from './order-record.ts';
import { isOver } from './sessions/session.ts';
import { type FoldSettings, LIVE, RETURN_MS } from './settings.ts';
import { plansOf } from './state/bucket-plans.ts';
import type { BucketedState } from './state/bucketed-state.ts';
import { dropLane, type LaneState } from './state/lane-state.ts';
import {
  decodeCart,
  decodeMoment,
  decodeSession,
  decodeUser,
  type SessionState,
  type UserState,
} from './state/records.ts';
import type { LaneNeeds, LaneSnapshot, LaneTime } from './state/snapshot.ts';
import { laneTimes } from './state/state-families.ts';
import { isUserField, sessionField, sessionOfField, userIdOf } from './state/state-keys.ts';
import type { Visitor } from './state/visitors.ts';

/** The live lane's fields that a closing lane might clash with. */
export function liveNeedsAtClose(
  closing: LaneSnapshot,
  live: LaneTime | undefined,
  arrivedAtMs: number,
  settings: FoldSettings,
  dictionaries: Dictionaries,
): LaneNeeds {
  const untilMs = live?.timeMs ?? arrivedAtMs;
  const users = [...closing.carts.keys()];
  const visitors = new Set(closing.visitors.keys());
  for (const [userId, { current }] of usersOf(closing, settings, dictionaries))
    if (current !== undefined) visitors.add(sessionField(userId, dictionaries.sessions.text(current.id)));
  return {
    lane: LIVE,
    timeMs: live?.timeMs,
    visitors: [...visitors],
    users,
    seen: true,
    orders: [...closing.orders.keys()],
    known: [...closing.known.keys()],
    untilMs,
  };
}

/** An import ended: what is still alive in its lane moves to the live one, and nothing of the lane is left. */
export function closeLane(
  name: string,
  closing: LaneSnapshot,
  liveSnapshot: LaneSnapshot,
  arrivedAtMs: number,
  times: ReadonlyMap<string, LaneTime>,
  context: FoldContext,
): FoldedBatch {
  const writes = new Writes(context.memory.sums);
  const nextTimes = new Map(times);
  const liveTime = times.get(LIVE);
  const nowMs = liveTime?.timeMs ?? arrivedAtMs;
  const live = openLane(LIVE, { snapshot: liveSnapshot, asked: [] }, nowMs, times, context, writes);
  live.advanceTo(nowMs);
  moveState(closing, live, nowMs, context);
  live.advanceTo(nowMs);
  nextTimes.set(LIVE, { timeMs: nowMs, arrivedAtMs: liveTime?.arrivedAtMs ?? arrivedAtMs });
  saveLane(LIVE, live, nextTimes.get(LIVE), context, writes);
  const closed = times.get(name);
  if (closed !== undefined) {
    dropLane(writes, dimensionsOf(context.partition, name), plansOf(context.settings), closed.timeMs);
    writes.remove(laneTimes, partitionName(context.partition), name);
    nextTimes.delete(name);
  }
  return { writes, lanes: nextTimes, tallies: {} };
}

/** Sessions, orders, known users and carts that are still alive; what the live lane knows better stays as it is. */
function moveState(closing: LaneSnapshot, live: Lane, nowMs: number, { settings, memory }: FoldContext): void {
  const { state, carts } = live;
  const { visitors } = state;
  const { dictionaries } = memory.sums;
  const plans = plansOf(settings);
  for (const [userId, user] of usersOf(closing, settings, dictionaries))
    moveUser(state, visitors.ofId(userId), userId, user, nowMs, dictionaries);
  for (const [field, { bucket, value }] of closing.visitors) {
    if (isUserField(field)) continue;
    const { userId, sessionId } = sessionOfField(field);
    const newest = visitors.ofId(userId).state.value?.current?.id;
    if (newest === undefined || dictionaries.sessions.text(newest) !== sessionId)
      move(state.sessions, field, decodeSession(value, bucket * plans.visitors.widthMs, dictionaries), nowMs);
  }
  for (const [field, { value }] of closing.orders) {
    const order = decodeOrder(value);
    const alive = nowMs - order.laneMs <= settings.transactionWindowMs;
    if (alive && state.orders.get(field) === undefined)
      state.orders.put(field, { ...order, laneMs: Math.min(order.laneMs, nowMs) });
  }
  for (const [userId, { bucket, value }] of closing.known) {
    const beganMs = Math.min(decodeMoment(value, bucket * plans.known.widthMs), nowMs);
    const visitor = visitors.ofId(userId);
    if (nowMs - beganMs > RETURN_MS || (visitor.known.value ?? 0) >= beganMs) continue;
    visitor.known.put(beganMs);
    visitors.touch(visitor);
  }
  // In an order of their own: a hash has none, and what is said about carts keeps the order in which it is said.
  for (const [userId, text] of [...closing.carts].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const cart = decodeCart(text);
    const visitor = visitors.ofId(userId);
    if (visitor.cart === undefined) carts.adopt(visitor, cart);
    else carts.supersede(userId, cart);
  }
}

function usersOf(
  { visitors }: LaneSnapshot,
  settings: FoldSettings,
  dictionaries: Dictionaries,
): [userId: string, user: UserState][] {
  const { widthMs } = plansOf(settings).visitors;
  const found: [userId: string, user: UserState][] = [];
  for (const [field, { bucket, value }] of visitors)
    if (isUserField(field)) found.push([userIdOf(field), decodeUser(value, bucket * widthMs, dictionaries)]);
  return found;
}

/** Where the live lane knows the user, the session that was their newest in the import is one before the newest. */
function moveUser(
  { visitors, sessions }: LaneState,
  visitor: Visitor,
  userId: string,
  user: UserState,
  nowMs: number,
  dictionaries: Dictionaries,
): void {
  const { current } = user;
  const known = visitor.state.value;
  if (known !== undefined) {
    if (current !== undefined && current.id !== known.current?.id)
      move(sessions, sessionField(userId, dictionaries.sessions.text(current.id)), current.session, nowMs);
    return;
  }
  if (isOver(user.laneMs, nowMs)) return;
  if (current !== undefined) {
    if (isOver(current.session.laneMs, nowMs)) user.current = undefined;
    else current.session.laneMs = Math.min(current.session.laneMs, nowMs);
  }
  user.laneMs = Math.min(user.laneMs, nowMs);
  visitor.state.put(user);
  visitors.touch(visitor);
}

function move(to: BucketedState<SessionState>, field: string, value: SessionState, nowMs: number): void {
  if (isOver(value.laneMs, nowMs) || to.get(field) !== undefined) return;
  value.laneMs = Math.min(value.laneMs, nowMs);
  to.put(field, value);
}
