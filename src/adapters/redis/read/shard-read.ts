import type { HistoryEntry } from '../../../metrics/reader.ts';
import { dayOf } from '../../../time/windows.ts';
import { pairs, toStrings, UnexpectedReply } from '../client/connection.ts';

/** One read of keys of a shard, what it costs, and what its reply is for. Fields are read of each key; others of all together. */
export interface ShardRead {
  readonly command: 'HGETALL' | 'HMGET' | 'PFCOUNT' | 'ZMSCORE' | 'ZRANGE' | 'ZREVRANGEBYSCORE' | 'SUMS' | 'TOP';
  readonly keys: readonly string[];
  readonly args: readonly unknown[];
  /** Reckoned microseconds of Redis, whatever the keys hold. */
  readonly us: number;
  /** Where it depends on what they hold: how that is told, and microseconds for each. */
  readonly sized?: { readonly by: 'HLEN' | 'ZCARD'; readonly usEach: number };
  /** What is to be done before it is read. */
  readonly prepare?: () => Promise<void>;
  /** The local day that it is about: what lies in one day changes together and is read together. */
  readonly day: string;
  /** May be called several times where it is read in parts: none of them holds what another one holds. */
  use(reply: unknown): void;
  /** Where one read may be cut into two; both use their replies as the whole does. */
  halves?(): readonly ShardRead[];
}

/** Measured on redis 7, in microseconds; docs/performance-log.md. */
const COSTS = { call: 0.5, field: 0.3, hashField: 0.6, register: 23, single: 1, entry: 0.8, member: 0.4 };
/** Lua hands on some eight thousand arguments at the most. */
const MOST_FIELDS = 2_500;
/** So much of them is one read, which is not cut in two. */
const FIELDS_US = 1_500;
/** So few are not counted beforehand. */
const FEW_ENTRIES = 10;

/** Whole hashes are read in parts where they are large. */
export function wholeHashOf(key: string, label: string, use: (flat: readonly string[]) => void): ShardRead {
  return {
    command: 'HGETALL',
    keys: [key],
    args: [],
    us: COSTS.call,
    sized: { by: 'HLEN', usEach: COSTS.hashField },
    day: dayOf(label),
    use: (reply) => use(toStrings(reply)),
  };
}

type UseField = (field: string, value: string, place: number) => void;

/**
 * The same fields of several keys: they are named once for all keys of a day.
 * @param labels of the keys
 * @param use is called for each field that there is, with its key's place
 */
export function fieldsOf(
  keys: readonly string[],
  labels: readonly string[],
  asked: readonly string[],
  use: UseField,
): ShardRead[] {
  const reads: ShardRead[] = [];
  // Whoever uses them adds them up: each is told once, however often it is asked for.
  const fields = [...new Set(asked)];
  for (let from = 0; from < fields.length; from += MOST_FIELDS) {
    const some = fields.length <= MOST_FIELDS ? fields : fields.slice(from, from + MOST_FIELDS);
    const usEach = COSTS.call + some.length * COSTS.field;
    const atOnce = Math.max(1, Math.floor(FIELDS_US / usEach));
    for (const [first, end] of runsOf(labels, atOnce)) {
      reads.push({
        command: 'HMGET',
        keys: keys.slice(first, end),
        args: some,
        us: (end - first) * usEach,
        day: dayOf(labels[first] ?? ''),
        use: (reply) => {
          for (const [i, values] of listOf(reply).entries()) useFields(some, listOf(values), first + i, use);
        },
      });
    }
  }
  return reads;
}

/** From where to where labels are of one day, and no more than so many. */
function runsOf(labels: readonly string[], most: number): [first: number, end: number][] {
  const runs: [number, number][] = [];
  for (const [i, label] of labels.entries()) {
    const run = runs.at(-1);
    if (run !== undefined && i - run[0] < most && dayOf(labels[run[0]] ?? '') === dayOf(label)) run[1] = i + 1;
    else runs.push([i, i + 1]);
  }
  return runs;
}

function useFields(fields: readonly string[], values: readonly unknown[], place: number, use: UseField): void {
  for (const [i, field] of fields.entries()) {
    const value = values[i];
    if (typeof value === 'string') use(field, value, place);
  }
}

/** What counting users in so many sets costs. */
export const usersUs = (sets: number): number => sets * COSTS.register;

/** Distinct users in all of the sets together. */
export function usersIn(keys: readonly string[], use: (users: number) => void): ShardRead {
  const us = keys.length === 1 ? COSTS.single : usersUs(keys.length);
  return { command: 'PFCOUNT', keys, args: [], us, day: '', use: (reply) => use(Number(reply)) };
}

/** A ranking's members with the greatest scores; ties by member. */
export function firstOf(
  key: string,
  label: string,
  limit: number,
  use: (member: string, score: number) => void,
): ShardRead {
  return {
    command: 'TOP',
    keys: [key],
    args: [limit],
    us: COSTS.call + limit * COSTS.entry,
    day: dayOf(label),
    use: (reply) => {
      for (const [member, score] of pairs(toStrings(reply))) use(member, Number(score));
    },
  };
}

/** A ranking's members, in no order; where there are many, in parts. */
export function wholeRankingOf(key: string, label: string, use: (member: string, score: number) => void): ShardRead {
  return {
    command: 'ZRANGE',
    keys: [key],
    args: [0, -1, 'WITHSCORES'],
    us: COSTS.call,
    sized: { by: 'ZCARD', usEach: COSTS.member },
    day: dayOf(label),
    use: (reply) => {
      const flat = toStrings(reply);
      for (let i = 0; i + 1 < flat.length; i += 2) use(flat[i] ?? '', Number(flat[i + 1]));
    },
  };
}

export function scoreOf(key: string, label: string, member: string, use: (score: number) => void): ShardRead {
  return {
    command: 'ZMSCORE',
    keys: [key],
    args: [member],
    us: COSTS.call + COSTS.entry,
    day: dayOf(label),
    use: (reply) => use(Number(listOf(reply)[0] ?? 0)),
  };
}

/** Entries of a history with a timestamp in [min, max), as Redis writes bounds; newest first, all where there is no limit. */
export function entriesOf(
  key: string,
  [min, max]: readonly [min: string | number, max: string | number],
  limit: number,
  use: (entries: HistoryEntry[]) => void,
): ShardRead {
  const isBounded = Number.isFinite(limit);
  return {
    command: 'ZREVRANGEBYSCORE',
    keys: [key],
    args: [`(${max}`, min, 'WITHSCORES', ...(isBounded ? ['LIMIT', 0, limit] : [])],
    us: COSTS.call,
    ...(limit > FEW_ENTRIES && { sized: { by: 'ZCARD', usEach: COSTS.entry } }),
    day: '',
    use: (reply) => use(pairs(toStrings(reply)).map(([member, score]) => ({ member, atMs: Number(score) }))),
  };
}

/** A member, and in which rankings it counts; see scripts/read-together.lua. */
export type Masked = readonly [member: string, mask: string];

/** Members' sums over rankings, those of whole days out of the cache where it holds them. */
export function sumsOf(
  keys: readonly string[],
  labels: readonly string[],
  masked: readonly Masked[],
  use: (member: string, sum: number) => void,
): ShardRead {
  return {
    command: 'SUMS',
    keys,
    args: [labels, masked.flat()],
    us: COSTS.call,
    day: '',
    use: (reply) => {
      const flat = toStrings(reply);
      for (let i = 0; i + 1 < flat.length; i += 2) use(flat[i] ?? '', Number(flat[i + 1]));
    },
    halves: () => {
      const middle = Math.ceil(masked.length / 2);
      const both = [masked.slice(0, middle), masked.slice(middle)];
      return masked.length < 2 ? [] : both.map((half) => sumsOf(keys, labels, half, use));
    },
  };
}

function listOf(reply: unknown): readonly unknown[] {
  if (Array.isArray(reply)) return reply;
  throw new UnexpectedReply('Redis did not answer with a list');
}
