import type { QueryContext, Route } from '../analytics/question.ts';
import type { Dimension } from '../metrics/dimension.ts';
import { COMPARISONS, comparedPeriod } from '../metrics/query/compared.ts';
import { everythingUntil, type PeriodRules, parsePeriod } from '../metrics/query/period.ts';
import { QueryProblem } from '../metrics/query/problems.ts';
import { because } from '../metrics/query/reason.ts';
import { trackTruncation } from '../metrics/query/track-truncation.ts';
import { type HeavyReads, type ReadBudget, RequestBudget } from '../metrics/read-budget.ts';
import { type Cursor, nameOf, openCursor, sealCursor } from './lists/cursors.ts';
import { namedBy, rowPage, rowsOf } from './lists/row-pages.ts';
import type { Clock } from './meta.ts';

/** The store, as one answer reads it. */
export type Store = Pick<QueryContext, 'reader' | 'carts'>;

/** What answers need beside the period. */
export interface ReadParts extends Omit<QueryContext, 'period' | 'nowMs' | 'comparedWith' | keyof Store>, Clock {
  readonly store: (budget: ReadBudget) => Store;
  /** The places for answers that take much to read. */
  readonly heavy: HeavyReads;
}

/** The parameters of a question, parsed: its own, and those that every question takes. */
export interface Asked {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly [name: string]: unknown;
}

/**
 * The body of an answer; its two moments come last, so that all before them is the same where the answer is.
 * @throws QueryProblem, NotFound, TooManyHeavyReads, TooHeavyRead
 */
export async function answer(route: Route, asked: Asked, params: Record<string, unknown>, parts: ReadParts) {
  const { now, asOf, store, heavy, ...rest } = parts;
  const { calendar, hourlyDays, dailyDays } = rest;
  const rules: PeriodRules = { calendar, hourlyDays, nowMs: now(), grain: route.grain ?? 'hour' };
  const question = (): string => nameOf(JSON.stringify([route.path, params]), asked);
  const { cursor: given } = asked;
  const cursor = typeof given === 'string' ? openCursor(question(), given) : undefined;
  // A list goes on in the period in which it began, also behind midnight.
  const isOpen = route.withoutFrom === 'everything' && asked.from === undefined;
  const period = isOpen ? everythingUntil((cursor ?? asked).to, rules) : parsePeriod(cursor ?? asked, rules);
  const comparison = COMPARISONS.find((one) => one === asked['compare']);
  const before = comparison && comparedPeriod(comparison, period, rules);
  // Asked before the answer is read: what the answer holds is at least as new.
  const asOfMs = await asOf();
  const ask = pagesOf(route, asked, cursor);
  const [{ data, approximate, end }, previous, cut] = await within(parts, async ({ reader, carts }) => {
    const tracked = trackTruncation(reader);
    const context = {
      ...rest,
      ...byOf(route, asked, rest.dimensions),
      carts,
      reader: tracked.reader,
      nowMs: rules.nowMs,
    };
    const both = await Promise.all([
      ask.page({ ...context, period, comparedWith: before }, params),
      before && ask.atSameRanks({ ...context, period: before }, params),
    ]);
    return [...both, await tracked.truncated()] as const;
  });
  const estimatedBefore = previous !== undefined && 'approximate' in previous ? (previous.approximate ?? []) : [];
  const { from, to } = period;
  const keptFrom = calendar.addDays(calendar.at(rules.nowMs).day, -dailyDays);
  return {
    data,
    ...(previous && { previous: previous.data }),
    meta: {
      from,
      to,
      timezone: calendar.timezone,
      approximate: [...(approximate ?? []), ...estimatedBefore.map((field) => `previous.${field}`)],
      ...(before?.compared && {
        compared_from: calendar.format(before.fromMs),
        compared_until: calendar.format(before.compared.untilMs),
      }),
      ...(end !== undefined && { next_cursor: sealCursor(question(), { from, to, end }) }),
      ...(cut.length > 0 && { truncated: cut }),
      ...(!isOpen && period.fromMs < calendar.dayStart(keptFrom) && { kept_from: keptFrom }),
      generated_at: calendar.format(now()),
      as_of: calendar.format(asOfMs),
    },
  };
}

/**
 * The dimension value that is asked about, and the dimension that is to be broken down by.
 * @throws QueryProblem where that takes two dimensions at once: they are not kept together
 */
function byOf(
  { by = [] }: Route,
  asked: Asked,
  dimensions: readonly Dimension[],
): Pick<QueryContext, 'filter' | 'breakdown'> {
  const { breakdown } = asked;
  const filters = by.includes('filter')
    ? dimensions.flatMap(({ name }) => {
        const { [name]: value } = asked;
        return typeof value === 'string' ? [{ dimension: name, value }] : [];
      })
    : [];
  const [filter, another] = filters;
  if (another !== undefined)
    throw new QueryProblem(
      another.dimension,
      `can't be asked for together with ${filter?.dimension}: one dimension at a time`,
      because('one-filter'),
    );
  if (typeof breakdown !== 'string') return { filter };
  if (filter !== undefined && filter.dimension !== breakdown)
    throw new QueryProblem(
      'breakdown',
      `can't be asked for together with ${filter.dimension}: two dimensions at once are asked of /v1/explore/funnel`,
      because('one-filter'),
    );
  return { filter, breakdown };
}

/** How a question is asked for a page: some page by themselves, the others are asked for as many rows as it takes. */
function pagesOf(route: Route, asked: Asked, cursor: Cursor | undefined) {
  const { pagedBy } = route;
  if (pagedBy === undefined) {
    const own = cursor === undefined ? asked : { ...asked, cursor: cursor.end };
    const page = async (context: QueryContext, params: Record<string, unknown>) => {
      const { nextCursor: end, ...answered } = await route.answer(own, context, params);
      return { ...answered, end };
    };
    return { page, atSameRanks: page };
  }
  const { limit } = asked;
  const rows = rowPage(typeof limit === 'number' ? limit : 10, cursor?.end);
  const all = (context: QueryContext, params: Record<string, unknown>) =>
    route.answer({ ...asked, limit: rows.rows }, context, params);
  return {
    async page(context: QueryContext, params: Record<string, unknown>) {
      const { data, ...answered } = await all(context, params);
      const fields = 'part' in pagedBy ? [String(params[pagedBy.part])] : pagedBy;
      const { page, end } = rows.cut(rowsOf(data), namedBy(fields));
      return { ...answered, data: page, end };
    },
    async atSameRanks(context: QueryContext, params: Record<string, unknown>) {
      const { data } = await all(context, params);
      return { data: rows.cutAtSameRanks(rowsOf(data)) };
    },
  };
}

/** Reads within the budget that each request has. */
async function within<T>({ store, heavy }: ReadParts, read: (store: Store) => Promise<T>): Promise<T> {
  const budget = new RequestBudget(heavy);
  try {
    return await read(store(budget));
  } finally {
    budget.end();
  }
}

/** What the next event of a stream holds: an answer of today, and the moment of it. */
export async function takeSnapshot(route: Route, parts: ReadParts) {
  const { now, asOf, store, heavy, ...rest } = parts;
  const nowMs = now();
  const { calendar, hourlyDays } = rest;
  const period = parsePeriod({}, { calendar, hourlyDays, nowMs, grain: 'hour' });
  const asOfMs = await asOf();
  const { data } = await within(parts, (of) => route.answer({}, { ...rest, ...of, nowMs, period }, {}));
  return Object.assign({ at: calendar.format(nowMs), as_of: calendar.format(asOfMs) }, data);
}
