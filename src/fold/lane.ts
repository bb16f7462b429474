import { REALTIME_MS } from '../analytics/shared/realtime.ts';
import type { InventoryEvent } from '../events/event.ts';
import type { IdHash } from '../events/ids/id-hash.ts';
import { type PartitionId, partitionName } from '../events/partition.ts';
import type { RealtimeWindows } from '../metrics/facts.ts';
import type { Writes } from '../metrics/writes.ts';
import type { Calendar } from '../time/calendar.ts';
import { LaneCarts } from './carts/lane-carts.ts';
import { ABSENT } from './columns/column.ts';
import type { CountedEvents } from './counted-events.ts';
import type { EventStep } from './event-step.ts';
import { LaneLinks } from './links/lane-links.ts';
import { Outgoing } from './links/outgoing.ts';
import { LaneDetails } from './orders/lane-details.ts';
import { LaneOrders } from './orders/lane-orders.ts';
import { LaneRefunds } from './orders/lane-refunds.ts';
import { LaneSessions } from './sessions/lane-sessions.ts';
import { OrderSessions } from './sessions/order-sessions.ts';
import { SessionHandover } from './sessions/session-handover.ts';
import { type FoldSettings, MOST_BEHIND_MS } from './settings.ts';
import { plansOf } from './state/bucket-plans.ts';
import { type LaneRead, LaneState } from './state/lane-state.ts';
import type { Memory } from './state/memory.ts';
import { type LaneTime, laneTimeOf } from './state/snapshot.ts';
import { importTakenBackIn } from './taken-back/lane-name.ts';
import type { FoldOutcome } from './tallies.ts';
import { UserCounts } from './users/user-counts.ts';

/** An event of this name says that a guest and a user are one, and counts nowhere. */
const IDENTIFY = 'identify';

export interface LaneParts {
  /** `live`, the import's id, or that of one that is taken back, behind a mark. */
  readonly name: string;
  readonly partition: PartitionId;
  readonly read: LaneRead;
  readonly time: LaneTime | undefined;
  /** Lane time at the end of the unit: until then a cart may fall due. */
  readonly untilMs: number;
  readonly settings: FoldSettings;
  readonly calendar: Calendar;
  readonly memory: Memory;
  readonly writes: Writes;
  /** Live events alone link guests and claim orders. */
  readonly tellsOthers: boolean;
  /** Is told what becomes of carts. */
  readonly counted: CountedEvents | undefined;
}

/**
 * One lane of a partition during one unit: live, or one import. Its time is the newest timestamp that came in it,
 * and it alone decides what is a duplicate, which session an event belongs to, and when a cart is abandoned. Where others have told it something
 * it lags at most an hour behind theirs; by that no cart falls due, and no event is forgotten that may come again.
 */
export class Lane {
  readonly state: LaneState;
  readonly carts: LaneCarts;
  readonly orders: LaneOrders;
  readonly orderSessions: OrderSessions;
  /** Of the live lane. */
  readonly links: LaneLinks | undefined;
  readonly refunds: LaneRefunds | undefined;
  readonly details: LaneDetails | undefined;
  readonly users: UserCounts;
  private readonly sessions: LaneSessions;
  private readonly calendar: Calendar;
  private readonly memory: Memory;
  private readonly writes: Writes;

  constructor(parts: LaneParts) {
    const { name, partition, read, time, untilMs, settings, calendar, memory, writes, tellsOthers, counted } = parts;
    const { dictionaries } = memory.sums;
    this.state = new LaneState(read, plansOf(settings), memory.lane(name), dictionaries, time);
    const takenBack = importTakenBackIn(name);
    this.carts = new LaneCarts({
      source: takenBack ?? name,
      isTakenBack: takenBack !== undefined,
      state: this.state,
      cartTimeoutMs: settings.cartTimeoutMs,
      untilMs,
      calendar,
      memory,
      writes,
      outboxDimensions: partitionName(partition),
      counted,
    });
    const { state, carts } = this;
    const outgoing = tellsOthers ? new Outgoing(partition, writes, state.heardClock) : undefined;
    this.users = new UserCounts(state.visitors.marks, memory, calendar);
    const sessions = new LaneSessions({ state, memory, settings, calendar });
    this.sessions = sessions;
    const handover = new SessionHandover({ state, memory, settings, calendar }, sessions.recount, counted);
    this.orderSessions = new OrderSessions({ state, memory, settings, calendar }, sessions.recount, outgoing);
    this.refunds = outgoing && new LaneRefunds({ state, settings, calendar, memory, outgoing });
    this.details = outgoing && new LaneDetails({ state, calendar, memory, outgoing });
    const { refunds, details, users, orderSessions } = this;
    this.orders = new LaneOrders({
      state,
      sessions: orderSessions,
      settings,
      calendar,
      memory,
      outgoing,
      refunds,
      details,
    });
    this.links =
      outgoing && new LaneLinks({ state, users, sessions: handover, carts, settings, memory, writes, outgoing });
    this.calendar = calendar;
    this.memory = memory;
    this.writes = writes;
  }

  get time(): number | undefined {
    return this.state.timeMs;
  }

  /** What is stored of the lane's time. @param arrivedAtMs when the log took the last record that told it: while nothing comes, it runs on from there */
  timesOf(arrivedAtMs: number | undefined): LaneTime | undefined {
    const { ownMs, heardClock } = this.state;
    return ownMs === undefined || arrivedAtMs === undefined
      ? undefined
      : laneTimeOf(ownMs, arrivedAtMs, heardClock.timeMs);
  }

  /** Moves the lane's time on; carts whose deadline it passes are abandoned. @param arrivedMs when the log took the record that says so */
  advanceTo(toMs: number, arrivedMs: number): number {
    const { state } = this;
    const nowMs = Math.max(state.timeMs ?? toMs, toMs);
    state.timeMs = nowMs;
    state.ownMs = Math.max(state.ownMs ?? toMs, toMs);
    this.carts.abandonDueBefore(toMs, arrivedMs);
    return nowMs;
  }

  /**
   * Another partition's time was this when it told this one something. Lane time may be months behind, where no event has come: what it
   * is told now would be forgotten with the next; where it has none yet, it starts so. No cart falls due by that: what its visitor did may be
   * on its way.
   */
  hear(saidMs: number): void {
    const { state } = this;
    state.heardClock.hear(saidMs);
    const leastMs = saidMs - MOST_BEHIND_MS;
    state.ownMs ??= leastMs;
    state.timeMs = Math.max(state.timeMs ?? leastMs, leastMs);
  }

  /** What an earlier version told says nothing of time: where the lane has none yet, it starts with what that is about. @returns lane time */
  startAt(atMs: number): number {
    const { state } = this;
    state.ownMs ??= atMs;
    state.timeMs ??= atMs;
    return state.timeMs;
  }

  /** Counts an event, or lets it wait until what was open of a guest has come: whether it is a repeat is known when it comes. */
  takeShop(step: EventStep, row: number, id: IdHash): FoldOutcome | 'held' {
    const { links, state } = this;
    // First: a cart of theirs that was due before has been left, whatever the event waits for.
    const nowMs = this.advanceTo(step.timestampMs, step.arrivedAtMs);
    if (state.seen.isRepeated(id, state.ownMs ?? nowMs)) return 'duplicate';
    if (links?.isAbout(step) && links.waits(step, nowMs)) {
      state.held.hold(step.user, row, this.memory.columns.recordOf(row).raw.length);
      return 'held';
    }
    return this.foldShop(step, nowMs);
  }

  foldInventory(event: InventoryEvent, id: IdHash, arrivedAtMs: number): FoldOutcome {
    const { timestampMs } = event;
    const { sums, countings } = this.memory;
    const nowMs = this.advanceTo(timestampMs, arrivedAtMs);
    if (this.state.seen.isRepeated(id, this.state.ownMs ?? nowMs)) return 'duplicate';
    const hour = sums.hour(this.calendar.at(timestampMs));
    countings.inventory({ event, hour, realtime: this.realtime(timestampMs, arrivedAtMs) }, this.writes);
    return 'applied';
  }

  /** Counts an event that is no repeat. @param nowMs lane time, which is not before it */
  foldShop(step: EventStep, nowMs: number): FoldOutcome {
    const { timestampMs, arrivedAtMs } = step;
    const { sums, countings } = this.memory;
    if (this.orders.isRepeatedPurchase(step, nowMs)) return 'duplicate';
    // It says who the visitor is, and nothing else.
    if (step.name === IDENTIFY) return this.identify(step);
    const workedOut = this.orders.workOut(step, nowMs);
    const at = this.calendar.at(timestampMs);
    step.place(sums.hour(at), sums.quarter(at));
    const { visitors } = this.state;
    visitors.expire(step.user, nowMs);
    if (!visitors.isVisitor(step.user)) visitors.begin(step.user, nowMs);
    step.dimensions = this.sessions.advance(step, nowMs);
    this.touchUser(step, nowMs);
    step.reached = this.users.reach(step, at.hourStartMs, nowMs);
    step.realtime = this.realtime(timestampMs, arrivedAtMs);
    countings.event(step, this.writes);
    this.orders.keep(step, nowMs);
    this.refunds?.note(step, workedOut, nowMs);
    this.carts.fold(step, visitors.newestMs.at(step.user), nowMs);
    return workedOut.outcome;
  }

  /** @param isLive whether its open carts are those of the shop as it is now */
  save(dimensions: string, isLive: boolean): void {
    if (this.time === undefined) return;
    this.carts.dropExpired(this.time);
    this.state.held.save(this.writes, dimensions, this.memory.columns);
    this.state.save(this.writes, dimensions, this.time, this.carts.times, isLive);
  }

  /** What arrives too late is no news: the windows of the last hour would be gone before anybody saw it in them. */
  private realtime(timestampMs: number, arrivedAtMs: number): RealtimeWindows | undefined {
    if (arrivedAtMs - timestampMs > REALTIME_MS) return undefined;
    const { sums } = this.memory;
    const at = this.calendar.realtime(timestampMs);
    return { fiveSeconds: sums.fiveSecond(at), halfMinute: sums.halfMinute(at) };
  }

  private identify(step: EventStep): FoldOutcome {
    const { visitors } = this.state;
    if (!visitors.isVisitor(step.user)) return 'identified';
    this.noteGuest(step);
    visitors.touch(step.user);
    return 'identified';
  }

  private notePurchase(user: number, timestampMs: number): void {
    const { visitors } = this.state;
    visitors.notePurchase(user, timestampMs);
    if (this.memory.binding.asksBuyers) visitors.buyers.add(user, timestampMs);
  }

  private noteGuest({ user, guest, timestampMs }: EventStep): void {
    if (guest !== ABSENT && guest !== user) this.state.visitors.nameGuest(user, guest, timestampMs);
  }

  private touchUser(step: EventStep, nowMs: number): void {
    const { user, timestampMs, name } = step;
    const { visitors } = this.state;
    visitors.touch(user);
    this.noteGuest(step);
    if (name === 'purchase') this.notePurchase(user, timestampMs);
    if (timestampMs > visitors.newestMs.at(user)) visitors.newestMs.set(user, timestampMs);
    visitors.laneMs.set(user, nowMs);
  }
}
