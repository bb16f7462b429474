import type { QueryContext, Route } from '../analytics/question.ts';
import { type Period, type PeriodRules, parsePeriod, previousPeriod } from '../metrics/query/period.ts';
import { trackTruncation } from '../metrics/query/track-truncation.ts';

/** What answers need beside the period. */
export interface ReadParts extends Omit<QueryContext, 'period' | 'nowMs' | 'comparedWith'> {
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

/** The body of an answer. @throws QueryProblem, NotFound */
export async function answer(route: Route, asked: Asked, params: Record<string, unknown>, parts: ReadParts) {
  const { now, asOf, ...rest } = parts;
  const { calendar, hourlyDays } = rest;
  const rules: PeriodRules = { calendar, hourlyDays, nowMs: now(), grain: route.grain ?? 'hour' };
  const period = parsePeriod(asked, rules);
  // Asked before the answer is read: what the answer holds is at least as new.
  const asOfMs = await asOf();
  const { reader, truncated } = trackTruncation(rest.reader);
  const ask = (of: Period, comparedWith?: Period) =>
    route.answer(asked, { ...rest, reader, nowMs: rules.nowMs, period: of, comparedWith }, params);
  const before = asked['compare'] === 'previous' ? previousPeriod(period, rules) : undefined;
  const [{ data, approximate, nextCursor }, previous] = await Promise.all([ask(period, before), before && ask(before)]);
  const cut = await truncated();
  return {
    data,
    ...(previous && { previous: previous.data }),
    meta: {
      from: period.from,
      to: period.to,
      timezone: calendar.timezone,
      generated_at: new Date(now()).toISOString(),
      as_of: new Date(asOfMs).toISOString(),
      approximate: approximate ?? [],
      ...(nextCursor !== undefined && { next_cursor: nextCursor }),
      ...(cut.length > 0 && { truncated: cut }),
    },
  };
}

/** What the next event of a stream holds: an answer of today, and the moment of it. */
export async function takeSnapshot(route: Route, { now, asOf, ...rest }: ReadParts): Promise<unknown> {
  const nowMs = now();
  const { calendar, hourlyDays } = rest;
  const period = parsePeriod({}, { calendar, hourlyDays, nowMs, grain: 'hour' });
  const asOfMs = await asOf();
  const { data } = await route.answer({}, { ...rest, nowMs, period }, {});
  return Object.assign({ at: new Date(nowMs).toISOString(), as_of: new Date(asOfMs).toISOString() }, data);
}
