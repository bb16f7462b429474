import type { Answer, QueryContext, Route } from '../analytics/question.ts';
import {
  everythingUntil,
  type Period,
  type PeriodRules,
  parsePeriod,
  previousPeriod,
} from '../metrics/query/period.ts';
import { trackTruncation } from '../metrics/query/track-truncation.ts';
import { type HeavyReads, type ReadBudget, RequestBudget } from '../metrics/read-budget.ts';

/** The store, as one answer reads it. */
export type Store = Pick<QueryContext, 'reader' | 'carts'>;

/** What answers need beside the period. */
export interface ReadParts extends Omit<QueryContext, 'period' | 'nowMs' | 'comparedWith' | keyof Store> {
  readonly store: (budget: ReadBudget) => Store;
  /** The places for answers that take much to read. */
  readonly heavy: HeavyReads;
  readonly now: () => number;
  /** The moment up to which everything is in the answers. */
  readonly asOf: () => Promise<number>;
}

/** The parameters of a question, parsed: its own, and those that every question takes. */
export interface Asked {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly [name: string]: unknown;
}

/** The body of an answer. @throws QueryProblem, NotFound, TooManyHeavyReads, TooHeavyRead */
export async function answer(route: Route, asked: Asked, params: Record<string, unknown>, parts: ReadParts) {
  const { now, asOf, store, heavy, ...rest } = parts;
  const { calendar, hourlyDays, dailyDays } = rest;
  const rules: PeriodRules = { calendar, hourlyDays, nowMs: now(), grain: route.grain ?? 'hour' };
  const isOpen = route.withoutFrom === 'everything' && asked.from === undefined;
  const period = isOpen ? everythingUntil(asked.to, rules) : parsePeriod(asked, rules);
  const before = asked['compare'] === 'previous' ? previousPeriod(period, rules) : undefined;
  // Asked before the answer is read: what the answer holds is at least as new.
  const asOfMs = await asOf();
  const [{ data, approximate, nextCursor }, previous, cut] = await within(parts, async ({ reader, carts }) => {
    const tracked = trackTruncation(reader);
    const context = { ...rest, carts, reader: tracked.reader, nowMs: rules.nowMs };
    const ask = (of: Period, comparedWith?: Period): Promise<Answer<unknown>> =>
      route.answer(asked, { ...context, period: of, comparedWith }, params);
    const both = await Promise.all([ask(period, before), before && ask(before)]);
    return [...both, await tracked.truncated()] as const;
  });
  const keptFrom = calendar.addDays(calendar.at(rules.nowMs).day, -dailyDays);
  return {
    data,
    ...(previous && { previous: previous.data }),
    meta: {
      from: period.from,
      to: period.to,
      timezone: calendar.timezone,
      generated_at: calendar.format(now()),
      as_of: calendar.format(asOfMs),
      approximate: approximate ?? [],
      ...(nextCursor !== undefined && { next_cursor: nextCursor }),
      ...(cut.length > 0 && { truncated: cut }),
      ...(!isOpen && period.fromMs < calendar.dayStart(keptFrom) && { kept_from: keptFrom }),
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
export async function takeSnapshot(route: Route, parts: ReadParts): Promise<unknown> {
  const { now, asOf, store, heavy, ...rest } = parts;
  const nowMs = now();
  const { calendar, hourlyDays } = rest;
  const period = parsePeriod({}, { calendar, hourlyDays, nowMs, grain: 'hour' });
  const asOfMs = await asOf();
  const { data } = await within(parts, (of) => route.answer({}, { ...rest, ...of, nowMs, period }, {}));
  return Object.assign({ at: calendar.format(nowMs), as_of: calendar.format(asOfMs) }, data);
}
