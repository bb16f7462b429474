import { unchangedDays } from '../../../metrics/bookkeeping-families.ts';
import type { Keyspace } from '../../../metrics/keyspace.ts';
import type { Counts, RankedBy, WindowSet } from '../../../metrics/reader.ts';
import { dayOf } from '../../../time/windows.ts';
import { type RedisClient, runPipeline } from '../client/connection.ts';
import type { Groups } from './latest-values.ts';
import { addingTo } from './merging.ts';
import { fieldsOf, wholeRankingOf } from './shard-read.ts';
import type { ShardReads } from './shard-reads.ts';

/** So many sums are kept for a process at the most. */
const MOST_KEPT = 400_000;

interface KeptDay {
  /** Since which change its rankings are as they were, and by which values members were put together. */
  readonly state: string;
  readonly sums: Counts;
}

/** Sums by group of days that are over and of their hours, so that tens of thousands of members are put together once and not for every answer. */
export class KeptGroupSums {
  private readonly days = new Map<string, KeptDay>();
  private size = 0;

  get(key: string, state: string): Counts | undefined {
    const known = this.days.get(key);
    return known?.state === state ? known.sums : undefined;
  }

  keep(key: string, day: KeptDay): void {
    this.size += day.sums.size - (this.days.get(key)?.sums.size ?? 0);
    this.days.delete(key);
    this.days.set(key, day);
    for (const [oldest, { sums }] of this.days) {
      if (this.size <= MOST_KEPT) return;
      this.days.delete(oldest);
      this.size -= sums.size;
    }
  }
}

/** Reads rankings whose members are put together by the value that each of them has. */
export class GroupedRankings {
  private readonly redis: RedisClient;
  private readonly keyspace: Keyspace;
  private readonly reads: ShardReads;
  private readonly kept: KeptGroupSums;

  constructor(redis: RedisClient, keyspace: Keyspace, reads: ShardReads, kept: KeptGroupSums) {
    this.redis = redis;
    this.keyspace = keyspace;
    this.reads = reads;
    this.kept = kept;
  }

  /** Adds up one shard's sums over all windows, for each ranking by the members' values; without one it is the empty text. */
  async sums(
    shard: number,
    by: readonly RankedBy[],
    windows: WindowSet,
    { values, version }: Groups,
    name: string,
    into: readonly Map<string, number>[],
  ): Promise<void> {
    const stamps = version === undefined ? new Map<string, string>() : await this.stamps(shard, windows.labels);
    const found: { readonly key: string; readonly stamp: string | undefined; readonly sums: Map<string, number> }[] =
      [];
    const reads = windows.labels.flatMap((label) =>
      by.flatMap(({ of, dimensions }, place) => {
        const key = this.keyspace.key(shard, of, dimensions, label);
        const stamp = stamps.get(dayOf(label));
        const known = stamp === undefined ? undefined : this.kept.get(`${name} ${key}`, `${stamp} ${version}`);
        const add = addingTo(into[place]);
        if (known !== undefined) {
          for (const [group, sum] of known) add(group, sum);
          return [];
        }
        const sums = new Map<string, number>();
        const addToDay = addingTo(sums);
        found.push({ key, stamp, sums });
        return [
          wholeRankingOf(key, label, (member, score) => {
            const group = values.get(member) ?? '';
            addToDay(group, score);
            add(group, score);
          }),
        ];
      }),
    );
    await this.reads.ask(shard, reads);
    for (const { key, stamp, sums } of found)
      if (stamp !== undefined) this.kept.keep(`${name} ${key}`, { state: `${stamp} ${version}`, sums });
  }

  /**
   * Since when days, and so their hours, are as they are. What is read behind that holds as long as it does: whoever changes a day takes
   * it away. The newest day may change all the time: it is not said of it here.
   */
  private async stamps(shard: number, labels: readonly string[]): Promise<Map<string, string>> {
    const days = [...new Set(labels.map(dayOf))];
    if (days.length === 1) return new Map();
    const key = this.keyspace.key(shard, unchangedDays, '');
    const known = await this.readStamps(shard, key, days);
    const changed = days.slice(0, -1).filter((day) => !known.has(day));
    if (changed.length === 0) return known;
    try {
      const turn = await this.redis.hincrby(key, 'turn', 1);
      const pipeline = this.redis.multi();
      for (const day of changed) pipeline.hsetnx(key, day, String(turn));
      await runPipeline(pipeline);
    } catch {
      // A Redis that is full, or a replica, takes none: then they are put together anew.
      return known;
    }
    return this.readStamps(shard, key, days);
  }

  private async readStamps(shard: number, key: string, days: readonly string[]): Promise<Map<string, string>> {
    const stamps = new Map<string, string>();
    await this.reads.ask(
      shard,
      fieldsOf([key], [''], days, (day, stamp) => stamps.set(day, stamp)),
    );
    return stamps;
  }
}
