/** An hour that commits have touched, and its day. */
export interface TouchedHour {
  readonly hour: string;
  readonly day: string;
}

export interface SeenValue {
  readonly dimension: string;
  readonly value: string;
}

/** What a rollup does to the store; every step may be done again. */
export interface RollupStore {
  readonly shards: number;
  /**
   * Takes the marks of hours other than the open one, so that commits
   * from here on mark anew; with those left by a rollup that died.
   */
  takeMarks(shard: number, openHour: string): Promise<TouchedHour[]>;
  /** Values of a dimension with which users were seen that day, the busiest first, up to the cap; and those beyond it. */
  values(
    shard: number,
    day: string,
    dimension: string,
  ): Promise<{ readonly kept: SeenValue[]; readonly beyond: SeenValue[] }>;
  /** Merges an hour's users into the day, and gives the hour its short life. */
  mergeUsers(shard: number, of: TouchedHour, stages: readonly string[], values: readonly SeenValue[]): Promise<void>;
  /** Gives the hour's users of values beyond the cap the hour's short life, unmerged. */
  leaveUsers(shard: number, of: TouchedHour, stages: readonly string[], values: readonly SeenValue[]): Promise<void>;
  /** Writes down how many users were at each stage in a closed window. */
  writeFunnel(
    shard: number,
    window: 'hour' | 'day',
    label: string,
    funnel: string,
    stages: readonly string[],
  ): Promise<void>;
  /**
   * Shortens what is open-ended in a closed bucket to its cap,
   * from the small end, and notes where something was cut off.
   */
  trim(shard: number, label: string): Promise<void>;
  /** Shortens what is not about a time, from its oldest, and forgets notes about buckets that are gone. */
  cleanUp(shard: number, daysBefore: (days: number) => string): Promise<void>;
  finish(shard: number, hour: string): Promise<void>;
  watermark(shard: number): Promise<string | undefined>;
  advance(shard: number, hour: string): Promise<void>;
}
