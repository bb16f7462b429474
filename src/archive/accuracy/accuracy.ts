import type { Funnel } from '../../analytics/funnel/funnel.ts';
import type { BuiltInName } from '../../metrics/dimension.ts';
import { NotFound } from '../../metrics/query/problems.ts';
import type { Reader } from '../../metrics/reader.ts';
import type { Archive, Missing } from '../archive-reader.ts';
import { type DateRange, FETCHED_ROWS, recountSql } from './recount.ts';
import { type Metrics, readStream } from './stream.ts';

export interface Compared {
  readonly metric: string;
  readonly stream: number;
  readonly batch: number;
  /** What the stream is off by, of the batch; 100 where the batch has none. */
  readonly error_percent: number;
}

export interface Accuracy {
  readonly days: readonly {
    readonly date: string;
    readonly metrics: readonly Compared[];
    /** Rows of which nobody knows how they counted: so much may be off. */
    readonly fetched: number;
  }[];
  /** Of no date, since nobody has them. */
  readonly missing: readonly Missing[];
  readonly stream_seconds: number;
  readonly batch_seconds: number;
}

/** Sessions that begin in the dates that are asked for may go on behind them. */
const DAYS_BEHIND = 3;

export interface AccuracyParts {
  readonly archive: Archive;
  readonly reader: Reader;
  readonly funnels: readonly Funnel[];
  /** Aborted when whoever asks leaves. */
  readonly signal: AbortSignal;
  readonly addDays: (day: string, days: number) => string;
  readonly now: () => number;
}

interface Asked extends DateRange {
  /** By whose values events, orders and sessions are compared as well. */
  readonly dimension?: BuiltInName | undefined;
}

/** The answers, and an independent recount of the archive by SQL. @throws NotFound where nothing is archived */
export async function compare(
  { dimension, ...range }: Asked,
  days: readonly string[],
  parts: AccuracyParts,
): Promise<Accuracy> {
  const { archive, reader, funnels, addDays, now, signal } = parts;
  if (!(await archive.exists())) throw new NotFound('Nothing is archived yet; the role archive does that');
  const began = now();
  const stream = await readStream(reader, days, funnels, dimension);
  const read = now();
  const within = { from: range.from, to: addDays(range.to, DAYS_BEHIND) };
  const { rows } = await archive.query(
    within,
    (table, control) => recountSql(table, control, range, funnels, dimension),
    { signal },
  );
  const batch = new Map(days.map((day): [string, Metrics] => [day, new Map()]));
  for (const { date, metric, value } of rows) batch.get(String(date))?.set(String(metric), Number(value));
  return {
    days: days.map((date) => {
      const { [FETCHED_ROWS]: fetched = 0, ...metrics } = Object.fromEntries(batch.get(date) ?? []);
      return { date, metrics: compareDay(stream.get(date) ?? new Map(), new Map(Object.entries(metrics))), fetched };
    }),
    missing: await archive.missing(),
    stream_seconds: (read - began) / 1_000,
    batch_seconds: (now() - read) / 1_000,
  };
}

function compareDay(stream: Metrics, batch: Metrics): Compared[] {
  return [...new Set([...stream.keys(), ...batch.keys()])].sort().map((metric) => {
    const [here, there] = [rounded(stream.get(metric) ?? 0), rounded(batch.get(metric) ?? 0)];
    const error = here === there ? 0 : there === 0 ? 100 : (100 * Math.abs(here - there)) / Math.abs(there);
    return { metric, stream: here, batch: there, error_percent: error };
  });
}

/** Units have three decimals; sums of doubles have more. */
const rounded = (value: number): number => Math.round(value * 1_000) / 1_000;
