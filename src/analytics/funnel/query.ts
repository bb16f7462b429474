import { byDimension } from '../../metrics/fields.ts';
import { histogramOf, quantile } from '../../metrics/histogram.ts';
import { type Interval, windowsOf } from '../../metrics/query/period.ts';
import { QueryProblem } from '../../metrics/query/problems.ts';
import { because } from '../../metrics/query/reason.ts';
import { byValueOf, type Filter, rowOf, selectionOf, topValues } from '../../metrics/query/selection.ts';
import { pointOf, seriesOf } from '../../metrics/query/series.ts';
import type { WindowSet } from '../../metrics/reader.ts';
import type { QueryContext } from '../question.ts';
import { usersAt, usersByValue, usersInTime } from '../shared/user-numbers.ts';
import { closedFunnel, conversionTimes } from './definition.ts';
import { type Funnel, stageFields } from './funnel.ts';

export interface FunnelQuery {
  readonly funnel: string;
  readonly mode: 'closed' | 'open';
  readonly interval?: Interval | undefined;
  readonly limit: number;
}

interface StageAnswer {
  stage: string;
  count: number;
  percent_of_first: number | null;
  percent_of_previous: number | null;
  drop_off: number;
}

export async function queryFunnel(query: FunnelQuery, context: QueryContext) {
  const funnel = context.funnels.find(({ name }) => name === query.funnel);
  if (!funnel) {
    const allowed = context.funnels.map(({ name }) => name).join(', ');
    throw new QueryProblem('funnel', `is not one of ${allowed}`, because('not-one-of', { allowed }));
  }
  const { filter } = context;
  const windows = windowsOf(context.period, context.calendar);
  const count = query.mode === 'closed' ? closedCounts : openCounts;
  // Asked for together, so that they add up.
  const [[total], all, times, series, breakdown] = await Promise.all([
    count(funnel, windows, filter, context, true),
    filter === undefined ? undefined : count(funnel, windows, undefined, context, true),
    query.mode === 'closed' && filter === undefined ? timesOf(funnel, windows, context) : undefined,
    query.interval && seriesIn(funnel, query, query.interval, context),
    context.breakdown === undefined ? undefined : breakDown(context.breakdown, funnel, query, windows, context),
  ]);
  const stages = toStages(funnel, total ?? []).map((stage, i) => ({ ...stage, ...times?.[i] }));
  return {
    funnel: funnel.name,
    funnels: context.funnels.map(({ name }) => name),
    mode: query.mode,
    stages,
    ...(all && { all_cities: toStages(funnel, all[0] ?? []) }),
    ...(series && { series }),
    ...(breakdown && { breakdown }),
  };
}

function toStages(funnel: Funnel, counts: readonly number[]): StageAnswer[] {
  const first = counts[0] ?? 0;
  return funnel.stages.map((stage, i) => {
    const here = counts[i] ?? 0;
    const previous = i === 0 ? here : (counts[i - 1] ?? 0);
    const percent = (of: number) => (of === 0 ? null : (100 * here) / of);
    return {
      stage,
      count: here,
      percent_of_first: percent(first),
      percent_of_previous: percent(previous),
      drop_off: previous - here,
    };
  });
}

/** How long sessions took from the stage before: kept over all alone. */
async function timesOf(funnel: Funnel, windows: WindowSet, { reader }: QueryContext) {
  const counts = await reader.totals(conversionTimes, windows, undefined, funnel.name);
  return stageFields(funnel).map((field, i) => {
    if (i === 0) return { median_seconds: null, p90_seconds: null };
    const histogram = histogramOf(counts, `${field}:`);
    return { median_seconds: quantile(histogram, 0.5), p90_seconds: quantile(histogram, 0.9) };
  });
}

/** Counts by stage, for each window or for all of them together. */
async function closedCounts(
  funnel: Funnel,
  windows: WindowSet,
  filter: Filter | undefined,
  { reader }: QueryContext,
  together: boolean,
) {
  const { dimensions, field } = selectionOf(filter, funnel.name);
  const fields = stageFields(funnel).map(field);
  const each = together
    ? [await reader.totals(closedFunnel, windows, fields, dimensions)]
    : await reader.counters(closedFunnel, windows, fields, dimensions);
  return each.map((counts) => fields.map((field) => counts.get(field) ?? 0));
}

async function openCounts(
  funnel: Funnel,
  windows: WindowSet,
  filter: Filter | undefined,
  { reader }: QueryContext,
  together: boolean,
) {
  if (together) return [await usersAt(reader, windows, funnel.stages, filter)];
  return usersInTime(reader, windows, funnel.stages, filter);
}

async function seriesIn(funnel: Funnel, query: FunnelQuery, interval: Interval, context: QueryContext) {
  const { windows, times } = seriesOf(interval, context.period, context);
  const count = query.mode === 'closed' ? closedCounts : openCounts;
  const each = await count(funnel, windows, context.filter, context, false);
  return times.map((time, i) => pointOf(time, { stages: toStages(funnel, each[i] ?? []) }));
}

/** Values by the sessions that began with them, in both modes: an exact order. */
async function breakDown(
  dimension: string,
  funnel: Funnel,
  query: FunnelQuery,
  windows: WindowSet,
  { reader, filter }: QueryContext,
) {
  const counts = await reader.totals(closedFunnel, windows, undefined, byDimension(funnel.name, dimension));
  const first = funnel.stages[0] ?? '';
  const top = topValues(await byValueOf(counts, reader.pause, filter), (of) => of.get(first) ?? 0, query.limit);
  if (query.mode === 'closed') {
    const fields = stageFields(funnel);
    return top.map(([value, of]) =>
      rowOf(dimension, value, {
        stages: toStages(
          funnel,
          fields.map((field) => of.get(field) ?? 0),
        ),
      }),
    );
  }
  const values = top.map(([value]) => value);
  const users = await usersByValue(reader, windows, funnel.stages, dimension, values);
  return top.map(([value], i) => rowOf(dimension, value, { stages: toStages(funnel, users[i] ?? []) }));
}
