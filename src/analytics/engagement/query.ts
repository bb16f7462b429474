import { z } from '@hono/zod-openapi';
import { VISIT_STAGE } from '../../events/stages.ts';
import { byDimension } from '../../metrics/fields.ts';
import { ratio } from '../../metrics/query/params.ts';
import { type Interval, windowsOf } from '../../metrics/query/period.ts';
import { byValueOf, rowOf, selectionOf, topValues } from '../../metrics/query/selection.ts';
import { pointOf, seriesOf } from '../../metrics/query/series.ts';
import type { Counts } from '../../metrics/reader.ts';
import type { QueryContext } from '../question.ts';
import { sessionCounts } from '../shared/sessions.ts';
import { usersAt, usersByValue, usersInTime } from '../shared/user-numbers.ts';
import { interactions } from './definition.ts';

const METRICS = ['events', 'sessions', 'bounces', 'session_ms'] as const;

function toAnswer(counts: Counts, field: (metric: string) => string, users: number) {
  const [events = 0, sessions = 0, bounces = 0, ms = 0] = METRICS.map((metric) => counts.get(field(metric)) ?? 0);
  return {
    active_users: users,
    sessions,
    events,
    events_per_session: ratio(events, sessions),
    average_session_seconds: ratio(ms / 1_000, sessions),
    bounce_rate: ratio(bounces, sessions),
  };
}

interface EngagementQuery {
  readonly interval?: Interval | undefined;
  readonly limit: number;
}

export async function queryEngagement({ interval, limit }: EngagementQuery, context: QueryContext) {
  const { reader, period, calendar, filter } = context;
  const windows = windowsOf(period, calendar);
  const { dimensions: under, field } = selectionOf(filter);
  const fields = METRICS.map(field);
  const stages = [VISIT_STAGE];
  const points = interval && seriesOf(interval, period, context);
  const [counts, [active = 0], each, activeEach, breakdown] = await Promise.all([
    reader.totals(sessionCounts, windows, fields, under),
    usersAt(reader, windows, stages, filter),
    points && reader.counters(sessionCounts, points.windows, fields, under),
    points && usersInTime(reader, points.windows, stages, filter),
    context.breakdown === undefined ? undefined : breakDown(context.breakdown, limit, context),
  ]);
  const series = points?.times.map((time, i) =>
    pointOf(time, toAnswer(each?.[i] ?? new Map(), field, activeEach?.[i]?.[0] ?? 0)),
  );
  return { ...toAnswer(counts, field, active), ...(series && { series }), ...(breakdown && { breakdown }) };
}

/** Values by their sessions. */
async function breakDown(dimension: string, limit: number, { reader, period, calendar, filter }: QueryContext) {
  const windows = windowsOf(period, calendar);
  const counts = await reader.totals(sessionCounts, windows, undefined, byDimension('', dimension));
  const top = topValues(await byValueOf(counts, reader.pause, filter), (of) => of.get('sessions') ?? 0, limit);
  const values = top.map(([value]) => value);
  const users = await usersByValue(reader, windows, [VISIT_STAGE], dimension, values);
  return top.map(([value, of], i) =>
    rowOf(
      dimension,
      value,
      toAnswer(of, (metric) => metric, users[i]?.[0] ?? 0),
    ),
  );
}

const stored = z.union([z.tuple([z.string(), z.string()]), z.tuple([z.string(), z.string(), z.string()])]);

export async function queryInteractions(
  userId: string,
  limit: number,
  { reader, period, calendar }: Pick<QueryContext, 'reader' | 'period' | 'calendar'>,
) {
  const entries = await reader.history(interactions, userId, period.fromMs, period.toMs, limit);
  return entries.map(({ atMs, member }) => {
    const [eventId, name, itemId] = stored.parse(JSON.parse(member));
    return {
      event_id: eventId,
      name,
      timestamp: calendar.format(atMs),
      ...(itemId !== undefined && { item_id: itemId }),
    };
  });
}
