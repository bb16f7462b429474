import { z } from '@hono/zod-openapi';
import { VISIT_STAGE } from '../../events/stages.ts';
import { inCity } from '../../metrics/fields.ts';
import { ratio } from '../../metrics/query/params.ts';
import { type Interval, seriesOf, windowsOf } from '../../metrics/query/period.ts';
import type { Counts } from '../../metrics/reader.ts';
import type { QueryContext } from '../question.ts';
import { sessionCounts } from '../shared/sessions.ts';
import { cityDimension, stageUsers, stageUsersByCity } from '../shared/unique-users.ts';
import { interactions } from './definition.ts';

const METRICS = ['events', 'sessions', 'bounces', 'session_ms'] as const;

function toAnswer(counts: Counts, city: string | undefined, users: number) {
  const [events = 0, sessions = 0, bounces = 0, ms = 0] = METRICS.map(
    (metric) => counts.get(inCity(metric, city)) ?? 0,
  );
  return {
    active_users: users,
    sessions,
    events,
    events_per_session: ratio(events, sessions),
    average_session_seconds: ratio(ms / 1_000, sessions),
    bounce_rate: ratio(bounces, sessions),
  };
}

export async function queryEngagement(
  { city, interval }: { readonly city?: string | undefined; readonly interval?: Interval | undefined },
  context: QueryContext,
) {
  const { reader, period, calendar } = context;
  const windows = windowsOf(period, calendar);
  const fields = METRICS.map((metric) => inCity(metric, city));
  const users = city === undefined ? stageUsers : stageUsersByCity;
  const dimensions = [city === undefined ? VISIT_STAGE : cityDimension(VISIT_STAGE, city)];
  const points = interval && seriesOf(interval, period, context);
  const [counts, [active = 0], each, [activeEach = []] = []] = await Promise.all([
    reader.totals(sessionCounts, windows, fields),
    reader.uniques(users, { ...windows, dimensions }),
    points && reader.counters(sessionCounts, points.windows, fields),
    points && reader.uniquesSeries(users, { ...points.windows, dimensions }),
  ]);
  const total = toAnswer(counts, city, active);
  if (points === undefined) return total;
  const series = points.buckets.map((bucket, i) => ({
    start: calendar.format(bucket.startMs),
    ...toAnswer(each?.[i] ?? new Map(), city, activeEach[i] ?? 0),
  }));
  return { ...total, series };
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
