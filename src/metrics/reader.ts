import type { WindowName } from '../time/windows.ts';
import type { CounterFamily, Family, HistoryFamily, LatestFamily, RankingFamily, UniquesFamily } from './family.ts';

export type Counts = ReadonlyMap<string, number>;

export interface Ranked {
  readonly member: string;
  readonly score: number;
}

/**
 * Windows of one family to be read, by label: all of one kind,
 * or, where `window` is finer than a day, whole days among them.
 */
export interface WindowSet {
  readonly window: WindowName;
  readonly labels: readonly string[];
}

/** Days and the hours in them that no rollup has merged yet. */
export interface UniquesWindows extends WindowSet {
  readonly dimensions: readonly string[];
}

/** A ranking, of whatever windows. */
export interface RankedBy {
  readonly of: RankingFamily;
  readonly dimensions: string;
}

/** Buckets of a capped family that an answer has read. */
export interface CappedRead {
  readonly family: Family;
  readonly dimensions: string;
  readonly window: WindowName;
  readonly labels: readonly string[];
}

/**
 * What questions may ask of the store; shards are merged behind it. What is asked for together, before anything of it is awaited, is
 * read at one moment: an answer's figures that are to add up are asked for together.
 */
export interface Reader {
  /** Sums of the fields for each window, in the windows' order; all fields where none are named. */
  counters(of: CounterFamily, windows: WindowSet, fields?: readonly string[], dimensions?: string): Promise<Counts[]>;
  /** Sums of the fields over all windows; of all fields where none are named. */
  totals(
    of: CounterFamily,
    windows: WindowSet,
    fields?: readonly string[],
    dimensions?: string,
  ): Promise<Map<string, number>>;
  /** The members with the greatest sums over all windows; ties by member, ascending. */
  ranking(of: RankingFamily, windows: WindowSet, limit: number, dimensions?: string): Promise<Ranked[]>;
  /** Every member's sum over all windows, in no order. */
  everySum(of: RankingFamily, windows: WindowSet, dimensions?: string): Promise<Counts>;
  /**
   * Sums over all windows, of those members that any of them holds.
   * @param isIn which windows, by their place, count for a member; all where it is absent
   */
  sums(
    of: RankingFamily,
    windows: WindowSet,
    members: readonly string[],
    dimensions?: string,
    isIn?: (member: string, window: number) => boolean,
  ): Promise<Counts>;
  /** Members that any of the rankings holds in any window, in no order. */
  members(by: readonly RankedBy[], windows: WindowSet): Promise<string[]>;
  /** One member's score in each window, in the windows' order; 0 where it has none. */
  scores(of: RankingFamily, windows: WindowSet, member: string, dimensions?: string): Promise<number[]>;
  /** Names of the families of which a rollup has cut off the small end of any of these buckets. */
  truncated(reads: readonly CappedRead[]): Promise<string[]>;
  /** For each dimension: users over all windows together, hours not yet merged into their day included. */
  uniques(of: UniquesFamily, windows: UniquesWindows): Promise<number[]>;
  /** Newest first, with a timestamp in [fromMs, toMs). */
  history(of: HistoryFamily, dimensions: string, fromMs: number, toMs: number, limit: number): Promise<HistoryEntry[]>;
  /**
   * For each: what lies in [fromMs, toMs), newest first, and
   * behind it the last entry before: what the time began with.
   */
  historiesWithin(
    of: HistoryFamily,
    dimensions: readonly string[],
    fromMs: number,
    toMs: number,
  ): Promise<HistoryEntry[][]>;
  latest(of: LatestFamily, fields: readonly string[]): Promise<(string | undefined)[]>;
  /** Every field's latest value. */
  allLatest(of: LatestFamily): Promise<Map<string, string>>;
  /** As `allLatest`, of a family whose values hardly ever change: the same map as long as none has. */
  groups(of: LatestFamily): Promise<ReadonlyMap<string, string>>;
  /** For each ranking, sums over all windows of members that have the same value in the family; without one it is the empty text. */
  groupedSums(by: readonly RankedBy[], windows: WindowSet, of: LatestFamily): Promise<Counts[]>;
  /** To be awaited now and then while much of what was read is looked at: others get their turn. */
  pause(): Promise<void>;
}

export interface HistoryEntry {
  readonly atMs: number;
  readonly member: string;
}
