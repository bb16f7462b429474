import { stageUsersByValue } from '../../../src/analytics/shared/unique-users.ts';
import { VISIT_STAGE } from '../../../src/events/stages.ts';
import { parseOutgoing } from '../../../src/fold/links/outgoing.ts';
import { cartIndex, outbox, recordOutbox, recoveredOutbox } from '../../../src/fold/state/state-families.ts';
import type { CounterFamily, RankingFamily } from '../../../src/metrics/family.ts';
import type { Writes } from '../../../src/metrics/writes.ts';
import { byScore, keyOf, type MemoryContents } from '../fakes/contents.ts';
import { allMarks, allSums, sumsOf } from './sums.ts';

/** A message about a cart, as the topics have it. */
interface Message {
  readonly topic: 'abandoned' | 'recovered';
  readonly [field: string]: unknown;
}

type Counts = Record<string, number>;

/** What became of the records in question: what they added, what they said, and what the state is behind them. */
export interface Outcome {
  readonly tallies: Readonly<Counts>;
  readonly messages: readonly Message[];
  /** Records for other partitions. */
  readonly said: readonly string[];
  /** What was added to a counter or ranking over all cities; what came to 0 is not there. */
  counts(family: CounterFamily | RankingFamily, dimensions?: string): Counts;
  /** What was added for one city. */
  countsIn(city: string, family: CounterFamily, dimensions?: string): Counts;
  /** What was added for one value of a dimension. */
  countsBy(dimension: string, value: string, family: CounterFamily, dimensions?: string): Counts;
  /** What was added to one field, by the local hour that it counts in. */
  hoursOf(family: CounterFamily | RankingFamily, field: string, dimensions?: string): Counts;
  /** Users who were marked as having reached a stage in a city. */
  marked(stage?: string, city?: string): string[];
  /** Users whose carts are listed now, in the list's order. */
  listed(status: 'abandoned' | 'recovered', day?: string): string[];
  /** All that the store has to answer with, by key: sums, what is listed, and histories; unique users and newest values aside. */
  answers(): Map<string, unknown>;
  /** Keys of the store that hold a text; sets stand for HyperLogLogs, which name nobody. */
  naming(text: string): string[];
}

export function outcomeOf(writes: readonly Writes[], tallies: Readonly<Counts>, contents: MemoryContents): Outcome {
  const every = (family: CounterFamily | RankingFamily, dimensions = ''): Counts =>
    addUp(writes.map(({ sums }) => sumsOf(sums, family, dimensions)));
  return {
    tallies,
    messages: writes.flatMap(({ queued }) =>
      [outbox, recoveredOutbox].flatMap((queue) => [...(queued.get(queue)?.values() ?? [])].flat().map(toMessage)),
    ),
    said: writes.flatMap(({ queued }) =>
      [...(queued.get(recordOutbox)?.values() ?? [])].flat().map((text) => parseOutgoing(text).value),
    ),
    counts: (family, dimensions) =>
      named(every(family, dimensions), (field) => (field.includes('|') ? undefined : field)),
    countsIn: (city, family, dimensions) =>
      named(every(family, dimensions), (field) =>
        field.endsWith(`|${city}`) ? field.slice(0, -city.length - 1) : undefined,
      ),
    countsBy: (dimension, value, family, dimensions = '') => {
      const key = dimensions === '' ? `by-${dimension}` : `${dimensions}:by-${dimension}`;
      const sums = writes.flatMap((one) => allSums(one.sums));
      const own = sums.filter((sum) => sum.family === family && sum.dimensions === key);
      return named(addUp(own.map(({ field, n }) => ({ [field]: n }))), (field) =>
        field.endsWith(`|${value}`) ? field.slice(0, -value.length - 1) : undefined,
      );
    },
    hoursOf: (family, field, dimensions = '') =>
      addUp(
        writes.flatMap(({ sums }) =>
          allSums(sums)
            .filter((sum) => sum.family === family && sum.dimensions === dimensions && sum.field === field)
            .map(({ time, n }) => ({ [time.hour]: n })),
        ),
      ),
    marked: (stage = VISIT_STAGE, city = 'Oslo') => {
      const marks = writes.flatMap(({ sums }) => allMarks(sums));
      const ofStage = marks.filter(
        ({ family, dimensions }) => family === stageUsersByValue && dimensions === `${stage}:city:${city}`,
      );
      return [...new Set(ofStage.flatMap(({ users }) => users))];
    },
    listed: (status, day = '2026-11-20') =>
      byScore(contents.sortedSet(keyOf(cartIndex, `${status}:${day}`))).map(([field]) => JSON.parse(field)[0]),
    answers: () => contents.answers(),
    naming: (text) =>
      [...contents.plain()]
        .filter(([key, value]) => !contents.uniques.has(key) && isNamed(text, [key, ...textsOf(value)]))
        .map(([key]) => key),
  };
}

function toMessage(text: string): Message {
  const { topic, value } = JSON.parse(text);
  return { topic, ...JSON.parse(value) };
}

/** As it is, or as it stands inside a JSON text, or inside one of these. */
function isNamed(text: string, held: readonly string[]): boolean {
  const quoted = (inside: string): string => JSON.stringify(inside).slice(1, -1);
  // `ann` is no part of `channel`.
  const isWord = (form: string, one: string): boolean =>
    one
      .split(form)
      .some((before, i, parts) => i < parts.length - 1 && !/\w$/.test(before) && !/^\w/.test(parts[i + 1] ?? ''));
  return [text, quoted(text), quoted(quoted(text))].some((form) => held.some((one) => isWord(form, one)));
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : Object.entries(value ?? {}).flat();
}

/** Under the names that are given; what has none, and what came to 0, is left out. */
function named(counts: Counts, nameOf: (field: string) => string | undefined): Counts {
  const shown: Counts = {};
  for (const [field, n] of Object.entries(counts)) {
    const name = nameOf(field);
    if (name !== undefined && n !== 0) shown[name] = n;
  }
  return shown;
}

function addUp(all: readonly Counts[]): Counts {
  const total: Counts = {};
  for (const counts of all) for (const [name, n] of Object.entries(counts)) total[name] = (total[name] ?? 0) + n;
  return named(total, (name) => name);
}
