import { REALTIME_MS } from '../analytics/shared/realtime.ts';
import type { InventoryEvent } from '../events/event.ts';
import type { IdHash } from '../events/id-hash.ts';
import { type PartitionId, partitionName } from '../events/partition.ts';
import type { RealtimeWindows } from '../metrics/facts.ts';
import type { Writes } from '../metrics/writes.ts';
import type { Calendar } from '../time/calendar.ts';
import { LaneCarts } from './carts/lane-carts.ts';
import type { EventStep } from './event-step.ts';
import type { OrderState } from './order-record.ts';
import { afterRefund, keptOrder, orderOf, refundOf } from './orders.ts';
import { LaneSessions } from './sessions/lane-sessions.ts';
import { isOver } from './sessions/session.ts';
import type { FoldSettings } from './settings.ts';
import { plansOf } from './state/bucket-plans.ts';
import { type LaneRead, LaneState } from './state/lane-state.ts';
import type { Memory } from './state/memory.ts';
import type { LaneTime } from './state/snapshot.ts';
import { orderField } from './state/state-keys.ts';

export type FoldOutcome = 'applied' | 'duplicate' | 'unknown-refund' | 'refund-beyond';

export interface LaneParts {
  /** `live`, or the import's id. */
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
}

/**
 * One lane of a partition during one unit: live, or one import. Its time is the newest timestamp that came in it,
 * and it alone decides what is a duplicate, which session an event belongs to, and when a cart is abandoned.
 */
export class Lane {
  readonly state: LaneState;
  readonly carts: LaneCarts;
  private readonly sessions: LaneSessions;
  private timeMs: number | undefined;
  private readonly startedMs: number | undefined;
  private readonly settings: FoldSettings;
  private readonly calendar: Calendar;
  private readonly memory: Memory;
  private readonly writes: Writes;

  constructor({ name, partition, read, time, untilMs, settings, calendar, memory, writes }: LaneParts) {
    const { dictionaries } = memory.sums;
    this.state = new LaneState(read, plansOf(settings), memory.lane(name), dictionaries);
    this.carts = new LaneCarts({
      source: name,
      state: this.state,
      cartTimeoutMs: settings.cartTimeoutMs,
      untilMs,
      calendar,
      memory,
      writes,
      outboxDimensions: partitionName(partition),
    });
    this.sessions = new LaneSessions({ state: this.state, memory, settings, calendar });
    this.timeMs = time?.timeMs;
    this.startedMs = time?.timeMs;
    this.settings = settings;
    this.calendar = calendar;
    this.memory = memory;
    this.writes = writes;
  }

  get time(): number | undefined {
    return this.timeMs;
  }

  /** Moves the lane's time on; carts whose deadline it passes are abandoned. */
  advanceTo(toMs: number): number {
    const nowMs = Math.max(this.timeMs ?? toMs, toMs);
    this.timeMs = nowMs;
    this.carts.abandonDueBefore(nowMs);
    return nowMs;
  }

  foldInventory(event: InventoryEvent, id: IdHash, arrivedAtMs: number): FoldOutcome {
    const { timestampMs } = event;
    const { sums, countings } = this.memory;
    const nowMs = this.advanceTo(timestampMs);
    if (this.state.seen.isRepeated(id, nowMs)) return 'duplicate';
    const hour = sums.hour(this.calendar.at(timestampMs));
    countings.inventory({ event, hour, realtime: this.realtime(timestampMs, arrivedAtMs) }, this.writes);
    return 'applied';
  }

  foldShop(step: EventStep, id: IdHash): FoldOutcome {
    const { timestampMs } = step;
    const { sums, countings } = this.memory;
    const nowMs = this.advanceTo(timestampMs);
    if (this.state.seen.isRepeated(id, nowMs) || this.isKnownPurchase(step, nowMs)) return 'duplicate';
    const outcome = this.workOutOrder(step, nowMs);
    const at = this.calendar.at(timestampMs);
    step.place(sums.hour(at), sums.quarter(at));
    const { visitors } = this.state;
    const isKnown = visitors.isVisitor(step.user) && !isOver(visitors.laneMs.at(step.user), nowMs);
    if (!isKnown) visitors.begin(step.user, nowMs, at.hourStartMs);
    step.dimensions = this.sessions.advance(step, isKnown, nowMs);
    step.newStages = this.touchUser(step, nowMs, at.hourStartMs);
    step.realtime = this.realtime(timestampMs, step.arrivedAtMs);
    countings.event(step, this.writes);
    this.carts.fold(step, visitors.newestMs.at(step.user), nowMs);
    return outcome;
  }

  /** @param isLive whether its open carts are those of the shop as it is now */
  save(dimensions: string, isLive: boolean): void {
    if (this.timeMs === undefined) return;
    this.carts.dropExpired(this.timeMs);
    this.state.save(this.writes, dimensions, this.startedMs, this.timeMs, this.carts.times, isLive);
  }

  /** What arrives too late is no news: the windows of the last hour would be gone before anybody saw it in them. */
  private realtime(timestampMs: number, arrivedAtMs: number): RealtimeWindows | undefined {
    if (arrivedAtMs - timestampMs > REALTIME_MS) return undefined;
    const { sums } = this.memory;
    const at = this.calendar.realtime(timestampMs);
    return { fiveSeconds: sums.fiveSecond(at), halfMinute: sums.halfMinute(at) };
  }

  private isKnownPurchase(step: EventStep, nowMs: number): boolean {
    return step.name === 'purchase' && this.knownOrder(step, nowMs) !== undefined;
  }

  private knownOrder({ userId, transactionId }: EventStep, nowMs: number): OrderState | undefined {
    if (transactionId === undefined) return undefined;
    const order = this.state.orders.get(orderField(userId, transactionId));
    return order !== undefined && nowMs - order.laneMs <= this.settings.transactionWindowMs ? order : undefined;
  }

  private workOutOrder(step: EventStep, nowMs: number): FoldOutcome {
    if (step.name === 'purchase') {
      const { event, userId, transactionId, currency } = step;
      step.order = orderOf(event);
      if (transactionId !== undefined)
        this.state.orders.put(orderField(userId, transactionId), keptOrder(step.order, currency, nowMs));
      return 'applied';
    }
    if (step.name !== 'refund') return 'applied';
    return this.workOutRefund(step, nowMs);
  }

  private workOutRefund(step: EventStep, nowMs: number): FoldOutcome {
    const { event, userId, transactionId } = step;
    const known = this.knownOrder(step, nowMs);
    const refund = refundOf(event, known);
    if (refund.outcome === 'unknown-order') return 'unknown-refund';
    step.order = refund.order;
    step.orderCurrency = refund.currency;
    if (known !== undefined && transactionId !== undefined && refund.currency === known.currency)
      this.state.orders.put(orderField(userId, transactionId), afterRefund(known, refund.order));
    return refund.isBeyond ? 'refund-beyond' : 'applied';
  }

  /** @returns stages that the user may not have been counted at in its hour and with its dimension values */
  private touchUser({ user, dimensions, timestampMs, nameId, name }: EventStep, nowMs: number, hourMs: number) {
    const { visitors } = this.state;
    visitors.touch(user);
    if (timestampMs > visitors.newestMs.at(user)) visitors.newestMs.set(user, timestampMs);
    visitors.laneMs.set(user, nowMs);
    if (visitors.hourMs.at(user) !== hourMs || visitors.dimensions.at(user) !== dimensions) {
      visitors.hourMs.set(user, hourMs);
      visitors.dimensions.set(user, dimensions);
      visitors.stages.clear(user);
    }
    return this.memory.funnels.advanceOpen(visitors.stages, user, this.memory.stepsOf(nameId, name));
  }
}
