import { VISIT_STAGE } from '../../events/stages.ts';
import { byDimension } from '../../metrics/fields.ts';
import { ratio } from '../../metrics/query/params.ts';
import { type Interval, windowsOf } from '../../metrics/query/period.ts';
import { QueryProblem } from '../../metrics/query/problems.ts';
import { because } from '../../metrics/query/reason.ts';
import { byValueOf, rowOf, selectionOf, topValues } from '../../metrics/query/selection.ts';
import { pointOf, seriesOf } from '../../metrics/query/series.ts';
import { addUp } from '../../metrics/query/totals.ts';
import type { Counts, WindowSet } from '../../metrics/reader.ts';
import { closedFunnel } from '../funnel/definition.ts';
import { type Funnel, stageFields } from '../funnel/funnel.ts';
import type { QueryContext } from '../question.ts';
import { sessionCounts } from '../shared/sessions.ts';
import { usersAt, usersByValue, usersInTime } from '../shared/user-numbers.ts';
import { newUserCounts } from './definition.ts';

interface SessionsQuery {
  readonly funnel: string;
  readonly interval?: Interval | undefined;
  readonly limit: number;
}

const METRICS = ['sessions', 'bounces', 'session_ms', 'events', 'purchasing'] as const;

export async function querySessions(query: SessionsQuery, context: QueryContext) {
  const windows = windowsOf(context.period, context.calendar);
  const points = query.interval && seriesOf(query.interval, context.period, context);
  const { filter } = context;
  const [[total], users, each, usersEach, breakdown] = await Promise.all([
    countsOf(query, windows, context, true),
    usersAt(context.reader, windows, [VISIT_STAGE], filter),
    points && countsOf(query, points.windows, context, false),
    points && usersInTime(context.reader, points.windows, [VISIT_STAGE], filter),
    context.breakdown === undefined ? undefined : breakDown(context.breakdown, query, windows, context),
  ]);
  const series = points?.times.map((time, i) =>
    pointOf(time, toAnswer(each?.[i] ?? new Map(), usersEach?.[i]?.[0] ?? 0, query, context)),
  );
  const answer = toAnswer(total ?? new Map(), users[0] ?? 0, query, context);
  return { ...answer, ...(series && { series }), ...(breakdown && { breakdown }) };
}

/** Values by their sessions. */
async function breakDown(dimension: string, query: SessionsQuery, windows: WindowSet, context: QueryContext) {
  const { reader, filter } = context;
  const of = (dimensions = '') => byDimension(dimensions, dimension);
  const [figures, reached, fresh] = await Promise.all([
    reader.totals(sessionCounts, windows, undefined, of()),
    reader.totals(closedFunnel, windows, undefined, of(query.funnel)),
    reader.totals(newUserCounts, windows, undefined, of()),
  ]);
  const counts = await byValueOf(figures, reader.pause, filter);
  for (const [value, stages] of await byValueOf(reached, reader.pause))
    for (const [stage, n] of stages) counts.get(value)?.set(stageField(stage), n);
  for (const [value, metrics] of await byValueOf(fresh, reader.pause))
    counts.get(value)?.set('new_users', metrics.get('users') ?? 0);
  const top = topValues(counts, (metrics) => metrics.get('sessions') ?? 0, query.limit);
  const values = top.map(([value]) => value);
  const users = await usersByValue(reader, windows, [VISIT_STAGE], dimension, values);
  return top.map(([value, metrics], i) =>
    rowOf(dimension, value, toAnswer(metrics, users[i]?.[0] ?? 0, query, context)),
  );
}

function funnelOf({ funnel }: SessionsQuery, { funnels }: QueryContext): Funnel {
  const found = funnels.find(({ name }) => name === funnel);
  if (found !== undefined) return found;
  const allowed = funnels.map(({ name }) => name).join(', ');
  throw new QueryProblem('funnel', `is not one of ${allowed}`, because('not-one-of', { allowed }));
}

const stageField = (stage: string): string => `stage:${stage}`;

/** Figures and stages under names that don't meet, for each window or for all of them together. */
async function countsOf(query: SessionsQuery, windows: WindowSet, context: QueryContext, together: boolean) {
  const { reader, filter } = context;
  const { dimensions, field } = selectionOf(filter);
  const stages = stageFields(funnelOf(query, context));
  const [figures, reached, fresh] = await Promise.all([
    reader.counters(sessionCounts, windows, METRICS.map(field), dimensions),
    reader.counters(closedFunnel, windows, stages.map(field), selectionOf(filter, query.funnel).dimensions),
    reader.counters(newUserCounts, windows, [field('users')], dimensions),
  ]);
  const merged = windows.labels.map((_, i) => {
    const counts = new Map<string, number>(METRICS.map((metric) => [metric, figures[i]?.get(field(metric)) ?? 0]));
    for (const stage of stages) counts.set(stageField(stage), reached[i]?.get(field(stage)) ?? 0);
    return counts.set('new_users', fresh[i]?.get(field('users')) ?? 0);
  });
  return together ? [addUp(merged)] : merged;
}

function toAnswer(counts: Counts, users: number, query: SessionsQuery, context: QueryContext) {
  const [sessions = 0, bounces = 0, ms = 0, events = 0, purchasing = 0] = METRICS.map(
    (metric) => counts.get(metric) ?? 0,
  );
  const funnel = funnelOf(query, context);
  const reached = stageFields(funnel).map((stage) => counts.get(stageField(stage)) ?? 0);
  const fresh = counts.get('new_users') ?? 0;
  return {
    sessions,
    average_session_seconds: ratio(ms / 1_000, sessions),
    events_per_session: ratio(events, sessions),
    bounce_rate: ratio(bounces, sessions),
    purchasing_sessions: purchasing,
    session_conversion_rate: ratio(purchasing, sessions),
    new_users: fresh,
    returning_users: Math.max(0, users - fresh),
    by_stage: funnel.stages.map((stage, i) => ({
      stage,
      reached: reached[i] ?? 0,
      ended_here: (reached[i] ?? 0) - (reached[i + 1] ?? 0),
    })),
  };
}
