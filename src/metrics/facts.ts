import type { InventoryEvent } from '../events/event.ts';
import type { RealtimeTime } from '../time/windows.ts';
import type { MemberKind } from './members.ts';
import type { WindowSums } from './sums/window-sums.ts';

/** What folding knows of the session that an event belongs to; its answers count in the hour in which it began. */
export interface SessionStep {
  readonly began: WindowSums;
  /** The timestamp of its first event. */
  readonly beganMs: number;
  /** Its dimension values, as a combination. */
  readonly dimensions: number;
  /** Where this event was the first to name one of them: what the session had counted under others before. */
  readonly moved: SessionMoved | undefined;
  /** Events of the session, this one included. */
  readonly events: number;
  /** 1 where the session is a bounce by this event, -1 where it was one before it. */
  readonly bounceDelta: -1 | 0 | 1;
  /** Change of its duration by this event; may be negative where an event came late. */
  readonly durationDeltaMs: number;
  /** Stages that this event reached for the first time in the session, by funnel. */
  readonly reached: readonly StagesReached[];
  /** Is this the first event of a user of whom no session had begun for thirty days? */
  readonly isNewUser: boolean;
  /** Is it the first order of the session? */
  readonly isFirstOrder: boolean;
  /** Searches of the session that this event, a view_item, is the first to follow. */
  readonly followed: readonly SearchFollowed[];
}

/** What a session has counted so far. */
export interface SessionSoFar {
  readonly events: number;
  readonly isBounce: boolean;
  readonly durationMs: number;
  readonly reached: readonly StagesReached[];
  readonly isNewUser: boolean;
  readonly hasBought: boolean;
}

/** A session as it was before it had its dimension values. */
export interface SessionMoved extends SessionSoFar {
  readonly from: number;
}

/** All that a session has counted counts once more, or not any more: two sessions turn out to be one. */
export interface SessionFact extends SessionSoFar {
  readonly began: WindowSums;
  readonly dimensions: number;
  readonly sign: 1 | -1;
}

export interface StagesReached {
  readonly funnel: string;
  /** What they are counted under. */
  readonly stages: readonly string[];
  /** Since the stage before the first of these; none where that is the funnel's first. */
  readonly seconds: number | undefined;
}

export interface SearchFollowed {
  readonly term: number;
  readonly hour: WindowSums;
  readonly count: number;
}

/** A stage of open funnels that a user has reached: what nobody had counted them for yet in the hour, and on the day. */
export interface UserReached {
  readonly stage: string;
  readonly inHour: FirstCounted;
  readonly inDay: FirstCounted;
}

/** Where nobody had counted the user yet. */
export interface FirstCounted {
  /** In the sum over all? */
  readonly overAll: boolean;
  /** As a combination in which dimensions have no value where the user was counted with it already. */
  readonly values: number;
}

/** Two who were counted are one, so that a stage that both had reached counts once less; or it turns out to count once more. */
export interface UserRecountFact {
  readonly hour: WindowSums;
  readonly reached: UserReached;
  readonly sign: 1 | -1;
}

/** An order's or refund's money in minor units of its currency, its units in thousandths. */
export interface OrderFacts {
  readonly revenue: number;
  readonly units: number;
  readonly lines: readonly { readonly itemId: string; readonly units: number; readonly revenue: number }[];
  /** What an order says of these; absent where it says nothing, and of refunds. */
  readonly parts?: MoneyParts | undefined;
}

/** What was paid beside an order's revenue, and what was taken off, in minor units. */
export interface MoneyParts {
  readonly shipping: number;
  readonly tax: number;
  readonly discount: number;
  readonly coupon: string | undefined;
}

/** The windows of the last hour that an event counts in. */
export interface RealtimeWindows {
  readonly fiveSeconds: WindowSums<RealtimeTime>;
  readonly halfMinute: WindowSums<RealtimeTime>;
}

/**
 * A shop event that counts: not a duplicate, its session and order worked out. There is one object, filled anew with each event: read it,
 * keep nothing of it. Names, users, items and terms stand in it as numbers of the dictionaries that sums are kept by, and as texts where
 * these are asked for.
 */
export interface EventFact {
  readonly name: string;
  readonly nameId: number;
  /** The name as which it counts where names are listed. */
  readonly countedName: number;
  readonly eventId: string;
  /** Where the event's id lies. */
  readonly idSource: Buffer;
  readonly idFrom: number;
  readonly idTo: number;
  readonly timestampMs: number;
  readonly userId: string;
  readonly user: number;
  /** The event's dimension values, as sums are kept by them. */
  readonly dimensions: number;
  readonly hour: WindowSums;
  readonly quarter: WindowSums;
  /** Absent where it arrived too late to be news. */
  readonly realtime: RealtimeWindows | undefined;
  readonly session: SessionStep;
  /** Open-funnel stages that the user had not reached yet in this hour with these dimension values. */
  readonly reached: readonly UserReached[];
  /** For `purchase` and `refund`. */
  readonly order: OrderFacts | undefined;
  readonly currency: string;
  readonly paymentType: string | undefined;
  /** Undefined where nothing is searched for. */
  readonly term: number | undefined;
  readonly resultsCount: number | undefined;
  /** How many lines it has. */
  readonly lines: number;
  /** Does a member count as itself, or does the day have its cap of them? */
  admits(kind: MemberKind, number: number): boolean;
  /** A line's item, as it counts. */
  itemOf(line: number): number;
  /** The item's name, where the line gives one, as a number of the titles. */
  titleOf(line: number): number | undefined;
  /** Likewise the levels of its category as one text, its brand and its variant. */
  categoryOf(line: number): number | undefined;
  brandOf(line: number): number | undefined;
  variantOf(line: number): number | undefined;
}

/** An order that was counted does not count any more, since another report of it stays; or counts otherwise, with what that said beside. */
export interface OrderRecountFact {
  /** -1 where it does not count any more. */
  readonly sign: 1 | -1;
  readonly hour: WindowSums;
  readonly quarter: WindowSums;
  readonly dimensions: number;
  readonly order: OrderFacts;
  readonly currency: string;
  readonly paymentType: string | undefined;
  /** Did a member count as itself on that day? */
  admits(kind: MemberKind, number: number): boolean;
}

/** What a refund counts beside what it has counted where it came; money may be below 0. */
export type RefundedFact = Omit<OrderRecountFact, 'paymentType' | 'sign'>;

export interface InventoryFact {
  readonly event: InventoryEvent;
  readonly hour: WindowSums;
  readonly realtime: RealtimeWindows | undefined;
}

/** A step in a cart's life; it counts in the hour in which the cart opened, and with the dimension values that it had then. */
export interface CartFact {
  readonly step: 'opened' | 'purchased' | 'emptied' | 'abandoned' | 'recovered';
  /** -1 where the step turns out not to have been taken. */
  readonly sign: 1 | -1;
  readonly opened: WindowSums;
  readonly dimensions: number;
  readonly currency: string;
  /** Minor units: what the cart held when it was abandoned, for `abandoned` and `recovered`; else 0. */
  readonly value: number;
  /** How far its owner had come. */
  readonly stage: 'cart' | 'checkout';
  /** What was in it, for `abandoned`; else empty. Units in thousandths; values in minor units of its currency, 0 for lines of another one. */
  readonly lines: readonly { readonly itemId: string; readonly units: number; readonly value: number }[];
  /** From being abandoned to being bought. */
  readonly recoverySeconds: number | undefined;
}

/** Of this user nothing is to be left. */
export interface ErasureFact {
  readonly userId: string;
}
