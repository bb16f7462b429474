import { Cluster } from 'ioredis';
import { mergingHours, touchedHours } from '../../../analytics/shared/unique-users.ts';
import type { Keyspace } from '../../../metrics/keyspace.ts';
import type { WindowSet } from '../../../metrics/reader.ts';
import { isDayLabel } from '../../../time/windows.ts';
import { pairs, type Read, type RedisClient, readTogether, toStrings, wholeHash } from '../client/connection.ts';

/** Labels of each window, those of hours that make it up included → the keys of each count. */
export type KeysOf = (labels: readonly (readonly string[])[]) => readonly (readonly string[])[];

/** Hour → its day. */
type Marks = ReadonlyMap<string, string>;

/**
 * Counts users. A day is counted together with its hours that no rollup has merged into it yet, and which those are changes a few
 * times an hour: it is read in the same go as the counts, which are right if they hold all of them. More than these do no harm,
 * since an hour is a part of its day.
 */
export class UniqueUserCounts {
  private readonly redis: RedisClient;
  private readonly keyspace: Keyspace;
  /** As last seen, by shard. */
  private readonly unmerged = new Map<number, Marks>();

  constructor(redis: RedisClient, keyspace: Keyspace) {
    this.redis = redis;
    this.keyspace = keyspace;
  }

  async count(shard: number, windows: WindowSet, keysOf: KeysOf): Promise<number[]> {
    const { labels } = windows;
    if (!labels.some(isDayLabel)) return this.read(keysOf(labels.map((label) => [label])));
    // While a slot moves, a cluster may answer out of order: there the hours are awaited before anything is counted.
    const guess = this.redis instanceof Cluster ? undefined : this.unmerged.get(shard);
    const guessed = guess === undefined ? [] : keysOf(withHours(labels, guess));
    const { marks, counts } = await this.readWithMarks(shard, guessed);
    const holdsAll = [...marks].every(([hour, day]) => guess?.has(hour) || !labels.includes(day));
    if (guess !== undefined && holdsAll) return counts;
    return this.read(keysOf(withHours(labels, marks)));
  }

  private async read(groups: readonly (readonly string[])[]): Promise<number[]> {
    return groups.length === 0 ? [] : (await readTogether(this.redis, groups.map(pfcount))).map(Number);
  }

  /** The marks are read first: an hour whose mark is gone by then is in its day. */
  private async readWithMarks(
    shard: number,
    groups: readonly (readonly string[])[],
  ): Promise<{ marks: Marks; counts: number[] }> {
    const [touched, merging, ...counts] = await readTogether(this.redis, [
      // In this order: a rollup moves a mark from the first to the second.
      wholeHash(this.keyspace.key(shard, touchedHours, '')),
      wholeHash(this.keyspace.key(shard, mergingHours, '')),
      ...groups.map(pfcount),
    ]);
    const marks = new Map([touched, merging].flatMap((flat) => pairs(toStrings(flat))));
    this.unmerged.set(shard, marks);
    return { marks, counts: counts.map(Number) };
  }
}

const pfcount =
  (keys: readonly string[]): Read =>
  (on) =>
    on.pfcount(...keys);

function withHours(days: readonly string[], unmerged: Marks): string[][] {
  const hours = [...unmerged];
  return days.map((day) => [day, ...hours.filter(([, of]) => of === day).map(([hour]) => hour)]);
}
