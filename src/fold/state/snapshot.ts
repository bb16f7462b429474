import { z } from 'zod';
import { MOST_BEHIND_MS } from '../settings.ts';
import { type ByKind, byKind, type Clock } from './bucket-plans.ts';

export interface LaneTime {
  /** The lane's time: by it goes all that no other clock is named for. */
  readonly timeMs: number;
  /** Newest moment that an event or a tick of the lane itself has told: by it carts fall due, and repeats are forgotten. */
  readonly ownMs: number;
  /** When the log took the record that told it: while nothing comes, it runs on from there. */
  readonly arrivedAtMs: number;
  /** Newest moment that another partition's was when that told it something, or `ownMs`, if that is later. */
  readonly heardMs: number;
}

/** Lane time lags at most a while behind what others have said. */
export const laneTimeOf = (ownMs: number, arrivedAtMs: number, heardMs = ownMs): LaneTime => ({
  timeMs: Math.max(ownMs, heardMs - MOST_BEHIND_MS),
  ownMs,
  arrivedAtMs,
  heardMs: Math.max(ownMs, heardMs),
});

/** By each clock. */
export const timesBy = (time: LaneTime | undefined): Readonly<Record<Clock, number | undefined>> => ({
  lane: time?.timeMs,
  own: time?.ownMs,
  heard: time?.heardMs,
});

const laneTime = z.tuple([z.number(), z.number()]).rest(z.number());

/** `[ownMs, arrivedAtMs, heardMs]`: the last where it is later than the first. */
export function encodeLaneTime({ ownMs, arrivedAtMs, heardMs }: LaneTime): string {
  return JSON.stringify([ownMs, arrivedAtMs, ...(heardMs > ownMs ? [heardMs] : [])]);
}

export function decodeLaneTime(text: string): LaneTime {
  const [ownMs, arrivedAtMs, heardMs] = laneTime.parse(JSON.parse(text));
  return laneTimeOf(ownMs, arrivedAtMs, heardMs);
}

/**
 * What a batch needs to know of one lane: of each kind of state, under which fields.
 * - `visitors`: users and sessions; `known`: of whom it is asked when their newest session began, what brought them, and who else they are
 * - `marks`: of whom it is asked where they are counted; `buyers`: whether they have ever bought
 * - `claims`: orders of which it is asked who reported them, by the time that is theirs; `purchasing`: sessions whose order is taken back
 */
export interface LaneNeeds extends ByKind<readonly string[]> {
  readonly lane: string;
  /** What time it is, by each clock; undefined before the lane has any. */
  readonly times: Readonly<Record<Clock, number | undefined>>;
  /** Whose carts are asked for. */
  readonly users: readonly string[];
  /** Are all events asked for that the lane has counted lately? */
  readonly seen: boolean;
  /** Newest moment of the batch: carts due before it are needed. */
  readonly untilMs: number;
  /** May the batch be counted in parts, should it need too much at once? */
  readonly isDivisible?: boolean;
}

/** Timestamps and members of interactions, by user. */
export type Histories = ReadonlyMap<string, readonly (readonly [atMs: number, member: string])[]>;
/** While a unit is folded: what went to somebody else is not there any more. */
export type OpenHistories = Map<string, readonly (readonly [atMs: number, member: string])[]>;

export interface Bucketed {
  readonly bucket: number;
  readonly value: string;
}

/** Ids of events that were counted, as `seen-ids.ts` stores them. */
export interface SeenBucket {
  readonly bucket: number;
  readonly ids: Buffer;
}

/** Carts fall due by their deadlines, those of one moment by their users. */
export interface MoreDue {
  /** Deadline of the first cart that was not read. */
  readonly nextMs: number;
  /** The last one that was. */
  readonly lastMs: number;
  readonly lastUserId: string;
}

/** Of a lane that closes. */
export interface LanePart {
  readonly snapshot: LaneSnapshot;
  /** Is there nothing else left in it? */
  readonly isAll: boolean;
}

/** What was found, by the kinds of state. */
export interface LaneSnapshot extends ByKind<ReadonlyMap<string, Bucketed>> {
  readonly seen: readonly SeenBucket[];
  /** Of the users asked for and of those whose carts fall due. */
  readonly carts: ReadonlyMap<string, string>;
  /** Where more carts fall due than a unit may abandon. */
  readonly moreDue?: MoreDue;
  /** It was more than a unit may hold, and nothing of it was read: the batch is to be counted in parts. */
  readonly isTooMuch?: boolean;
}

const NONE = new Map<string, never>();
export const NOTHING_FOUND: LaneSnapshot = { ...byKind(() => NONE), seen: [], carts: NONE };
