import type { Funnel } from '../../analytics/funnel/funnel.ts';
import type { BuiltInName } from '../../metrics/dimension.ts';
import { NotFound } from '../../metrics/query/problems.ts';
import type { Reader } from '../../metrics/reader.ts';
import type { Archive, Missing } from '../archive-reader.ts';
import { type DateRange, FETCHED_ROWS, LATE_LINKS, recountSql, UNSEEN_ORDERS } from './recount.ts';
import { OF_CARTS, RENAMED_CARTS, recountCartsSql, WITHOUT_CART } from './recount-carts.ts';
import { ALIKE } from './recount-links.ts';
import { type Metrics, readStream } from './stream.ts';

export interface Compared {
  readonly metric: string;
  readonly stream: number;
  readonly batch: number;
  /** What the stream is off by, of the batch; 100 where the batch has none. */
  readonly error_percent: number;
  /** Why it may differ. */
  readonly note?: string;
}

export interface Accuracy {
  readonly days: readonly {
    readonly date: string;
    readonly metrics: readonly Compared[];
    /** Rows of which nobody knows how they counted: so much may be off. */
    readonly fetched: number;
    /** What is not recounted: rows of which nobody knows to which cart they belong. */
    readonly left_out: readonly 'carts'[];
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
  await archive.upToNow();
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
  // A cart may be bought, or taken up again, on any date since.
  const since = { from: range.from };
  const carts = await archive.query(since, (table, control) => recountCartsSql(table, control, range), { signal });
  const batch = new Map(days.map((day): [string, Metrics] => [day, new Map()]));
  for (const { date, metric, value } of [...rows, ...carts.rows])
    batch.get(String(date))?.set(String(metric), Number(value));
  return {
    days: days.map((date) => ({ date, ...dayOf(stream.get(date) ?? new Map(), batch.get(date) ?? new Map()) })),
    missing: await archive.missing(),
    stream_seconds: (read - began) / 1_000,
    batch_seconds: (now() - read) / 1_000,
  };
}

/** What an order counts. */
const OF_ORDERS = /^(item )?(orders|units|revenue|shipping|tax|discount|purchasing_sessions)\b/;
const UNSEEN =
  'an order of this day was taken back after its visitor had been erased: the archive cannot tell any more which it is, and counts it';

const LATE =
  'a guest of this day signed in, or was heard to have, later than it is known where the user is counted (49 hours): the answer may have both';

const RENAMED =
  'a guest of this day had a cart, signed in, and was erased: the archive cannot tell any more whether that cart, once abandoned, turned out never to have been';

/** What depends on which events a session had before another joined it. */
const OF_PARTS = /^(new_users$|funnel |sessions by |purchasing_sessions by )/;
const BEGAN_ALIKE =
  'a guest’s session of this day began in the same millisecond as the user’s, and both turned out to be one: the archive cannot tell which of them an event was of';

function dayOf(stream: Metrics, batch: Metrics): Omit<Accuracy['days'][number], 'date'> {
  const said = Object.fromEntries(batch);
  const {
    [FETCHED_ROWS]: fetched = 0,
    [WITHOUT_CART]: unknown = 0,
    [UNSEEN_ORDERS]: unseen = 0,
    [LATE_LINKS]: late = 0,
    [RENAMED_CARTS]: renamed = 0,
    [ALIKE]: alike = 0,
    ...counted
  } = said;
  const noteOf = (metric: string): string | undefined => {
    if (unseen > 0 && OF_ORDERS.test(metric)) return UNSEEN;
    if (renamed > 0 && metric.startsWith(OF_CARTS)) return RENAMED;
    if (alike > 0 && OF_PARTS.test(metric)) return BEGAN_ALIKE;
    return late > 0 && metric === 'active_users' ? LATE : undefined;
  };
  const metrics = compareDay(stream, new Map(Object.entries(counted))).map((one) => {
    const note = one.error_percent === 0 ? undefined : noteOf(one.metric);
    return note === undefined ? one : { ...one, note };
  });
  if (unknown === 0) return { metrics, fetched, left_out: [] };
  return { metrics: metrics.filter(({ metric }) => !metric.startsWith(OF_CARTS)), fetched, left_out: ['carts'] };
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
