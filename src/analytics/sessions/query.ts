import { VISIT_STAGE } from '../../events/stages.ts';
import { inCity } from '../../metrics/fields.ts';
import { ratio } from '../../metrics/query/params.ts';
import { type Interval, seriesOf, windowsOf } from '../../metrics/query/period.ts';
import { QueryProblem } from '../../metrics/query/problems.ts';
import { addUp } from '../../metrics/query/totals.ts';
import type { Counts, WindowSet } from '../../metrics/reader.ts';
import { closedFunnel } from '../funnel/definition.ts';
import { type Funnel, stageFields } from '../funnel/funnel.ts';
import type { QueryContext } from '../question.ts';
import { sessionCounts } from '../shared/sessions.ts';
import { cityDimension, stageUsers, stageUsersByCity } from '../shared/unique-users.ts';
import { newUserCounts } from './definition.ts';

interface SessionsQuery {
  readonly funnel: string;
  readonly city?: string | undefined;
  readonly interval?: Interval | undefined;
}

const METRICS = ['sessions', 'bounces', 'session_ms', 'events'] as const;

export async function querySessions(query: SessionsQuery, context: QueryContext) {
  const windows = windowsOf(context.period, context.calendar);
  const points = query.interval && seriesOf(query.interval, context.period, context);
  const [[total], users, each, [usersEach = []] = []] = await Promise.all([
    countsOf(query, windows, context, true),
    context.reader.uniques(...usersOf(query, windows)),
    points && countsOf(query, points.windows, context, false),
    points && context.reader.uniquesSeries(...usersOf(query, points.windows)),
  ]);
  const answer = toAnswer(total ?? new Map(), users[0] ?? 0, query, context);
  if (points === undefined) return answer;
  const series = points.buckets.map((bucket, i) => ({
    start: context.calendar.format(bucket.startMs),
    ...toAnswer(each?.[i] ?? new Map(), usersEach[i] ?? 0, query, context),
  }));
  return { ...answer, series };
}

function usersOf({ city }: SessionsQuery, windows: WindowSet) {
  const of = city === undefined ? stageUsers : stageUsersByCity;
  return [
    of,
    { ...windows, dimensions: [city === undefined ? VISIT_STAGE : cityDimension(VISIT_STAGE, city)] },
  ] as const;
}

function funnelOf({ funnel }: SessionsQuery, { funnels }: QueryContext): Funnel {
  const found = funnels.find(({ name }) => name === funnel);
  if (found === undefined)
    throw new QueryProblem('funnel', `is not one of ${funnels.map(({ name }) => name).join(', ')}`);
  return found;
}

const stageField = (stage: string): string => `stage:${stage}`;

/** Figures and stages under names that don't meet, for each window or for all of them together. */
async function countsOf(query: SessionsQuery, windows: WindowSet, context: QueryContext, together: boolean) {
  const { reader } = context;
  const named = (metrics: readonly string[]) => metrics.map((metric) => inCity(metric, query.city));
  const stages = stageFields(funnelOf(query, context));
  const [figures, reached, fresh] = await Promise.all([
    reader.counters(sessionCounts, windows, named(METRICS)),
    reader.counters(closedFunnel, windows, named(stages), query.funnel),
    reader.counters(newUserCounts, windows, named(['users'])),
  ]);
  const merged = windows.labels.map((_, i) => {
    const counts = new Map(figures[i]);
    for (const stage of stages) counts.set(stageField(stage), reached[i]?.get(inCity(stage, query.city)) ?? 0);
    return counts.set('new_users', fresh[i]?.get(inCity('users', query.city)) ?? 0);
  });
  return together ? [addUp(merged)] : merged;
}

function toAnswer(counts: Counts, users: number, query: SessionsQuery, context: QueryContext) {
  const [sessions = 0, bounces = 0, ms = 0, events = 0] = METRICS.map(
    (metric) => counts.get(inCity(metric, query.city)) ?? 0,
  );
  const funnel = funnelOf(query, context);
  const reached = stageFields(funnel).map((stage) => counts.get(stageField(stage)) ?? 0);
  const fresh = counts.get('new_users') ?? 0;
  return {
    sessions,
    average_session_seconds: ratio(ms / 1_000, sessions),
    events_per_session: ratio(events, sessions),
    bounce_rate: ratio(bounces, sessions),
    new_users: fresh,
    returning_users: Math.max(0, users - fresh),
    by_stage: funnel.stages.map((stage, i) => ({
      stage,
      reached: reached[i] ?? 0,
      ended_here: (reached[i] ?? 0) - (reached[i + 1] ?? 0),
    })),
  };
}
