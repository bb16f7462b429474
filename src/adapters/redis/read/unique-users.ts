import { mergingHours, touchedHours } from '../../../analytics/shared/unique-users.ts';
import type { UniquesFamily } from '../../../metrics/family.ts';
import type { Keyspace } from '../../../metrics/keyspace.ts';
import { isDayLabel } from '../../../time/windows.ts';
import { pairs } from '../client/connection.ts';
import { type ShardRead, usersIn, usersUs, wholeHashOf } from './shard-read.ts';
import type { ShardReads } from './shard-reads.ts';

/** So many sets are asked for at once. */
const MOST_KEYS = 4_000;

/** Labels of each window, those of hours that make it up included → the keys of each count. */
type KeysOf = (labels: readonly (readonly string[])[]) => readonly (readonly string[])[];

/** Is told each count, by its place. */
type UseCount = (place: number, users: number) => void;

/** Hour → its day. */
type Marks = ReadonlyMap<string, string>;

/** Which hours no rollup has merged into their day yet, as last seen, by shard. */
export class UnmergedHours {
  readonly seen = new Map<number, Marks>();
}

/**
 * Counts users. A day is counted together with its hours that no rollup has merged into it yet, and which those are changes a few
 * times an hour: it is read in the same go as the counts, which are right if they hold all of them. More than these do no harm,
 * since an hour is a part of its day.
 */
export class UniqueUserCounts {
  private readonly keyspace: Keyspace;
  private readonly unmerged: UnmergedHours;
  private readonly reads: ShardReads;

  constructor(keyspace: Keyspace, unmerged: UnmergedHours, reads: ShardReads) {
    this.keyspace = keyspace;
    this.unmerged = unmerged;
    this.reads = reads;
  }

  /** For each dimension: users over all windows. */
  async together(
    shard: number,
    of: UniquesFamily,
    dimensions: readonly string[],
    labels: readonly string[],
    use: UseCount,
  ): Promise<void> {
    if (labels.length > 1) await this.reads.budget.allow(usersUs(dimensions.length * labels.length));
    // Of a thousand cities over a year there are hundreds of thousands of sets: their names are not made all at once.
    const atOnce = Math.max(1, Math.floor(MOST_KEYS / Math.max(1, labels.length)));
    for (let from = 0; from < dimensions.length; from += atOnce) {
      const some = dimensions.slice(from, from + atOnce);
      const keysOf: KeysOf = (groups) => some.map((dimension) => this.keys(shard, of, dimension, groups.flat()));
      await this.count(shard, labels, keysOf, (place, users) => use(from + place, users));
    }
  }

  private keys(shard: number, of: UniquesFamily, dimension: string, labels: readonly string[]): string[] {
    return labels.map((label) => this.keyspace.key(shard, of, dimension, label));
  }

  private async count(shard: number, labels: readonly string[], keysOf: KeysOf, use: UseCount): Promise<void> {
    if (!labels.some(isDayLabel)) return this.reads.ask(shard, countsOf(keysOf(labels.map((label) => [label])), use));
    const guess = this.unmerged.seen.get(shard);
    const counts: number[] = [];
    const guessed = guess === undefined ? [] : keysOf(withHours(labels, guess));
    const marks = new Map<string, string>();
    await this.reads.ask(shard, [
      ...[touchedHours, mergingHours].map((family) =>
        wholeHashOf(this.keyspace.key(shard, family, ''), '', (flat) => {
          for (const [hour, day] of pairs(flat)) marks.set(hour, day);
        }),
      ),
      ...countsOf(guessed, (place, users) => {
        counts[place] = users;
      }),
    ]);
    this.unmerged.seen.set(shard, marks);
    const holdsAll = [...marks].every(([hour, day]) => guess?.has(hour) || !labels.includes(day));
    if (guess !== undefined && holdsAll) for (const [place, users] of counts.entries()) use(place, users);
    else await this.reads.ask(shard, countsOf(keysOf(withHours(labels, marks)), use));
  }
}

function countsOf(groups: readonly (readonly string[])[], use: UseCount): ShardRead[] {
  return groups.map((keys, place) => usersIn(keys, (users) => use(place, users)));
}

function withHours(days: readonly string[], unmerged: Marks): string[][] {
  const hours = [...unmerged];
  return days.map((day) => [day, ...hours.filter(([, of]) => of === day).map(([hour]) => hour)]);
}
