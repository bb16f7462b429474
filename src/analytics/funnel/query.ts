import { inCity } from '../../metrics/fields.ts';
import { histogramOf, quantile } from '../../metrics/histogram.ts';
import { type Interval, seriesOf, windowsOf } from '../../metrics/query/period.ts';
import { QueryProblem } from '../../metrics/query/problems.ts';
import { byCity, topCities } from '../../metrics/query/totals.ts';
import type { WindowSet } from '../../metrics/reader.ts';
import type { QueryContext } from '../question.ts';
import { cityDimension, stageUsers, stageUsersByCity } from '../shared/unique-users.ts';
import { closedFunnel, conversionTimes } from './definition.ts';
import { type Funnel, stageFields } from './funnel.ts';

export interface FunnelQuery {
  readonly funnel: string;
  readonly mode: 'closed' | 'open';
  readonly city?: string | undefined;
  readonly interval?: Interval | undefined;
  readonly breakdown?: 'city' | undefined;
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
  if (!funnel) throw new QueryProblem('funnel', `is not one of ${context.funnels.map(({ name }) => name).join(', ')}`);
  const windows = windowsOf(context.period, context.calendar);
  const count = query.mode === 'closed' ? closedCounts : openCounts;
  // Asked for together, so that they add up.
  const [[total], all, times, series, breakdown] = await Promise.all([
    count(funnel, windows, query.city, context, true),
    query.city === undefined ? undefined : count(funnel, windows, undefined, context, true),
    query.mode === 'closed' && query.city === undefined ? timesOf(funnel, windows, context) : undefined,
    query.interval && seriesIn(funnel, query, query.interval, context),
    query.breakdown && breakDown(funnel, query, windows, context),
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

/** How long sessions took from the stage before: kept for all cities together. */
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
  city: string | undefined,
  { reader }: QueryContext,
  together: boolean,
) {
  const fields = stageFields(funnel).map((field) => inCity(field, city));
  const each = together
    ? [await reader.totals(closedFunnel, windows, fields, funnel.name)]
    : await reader.counters(closedFunnel, windows, fields, funnel.name);
  return each.map((counts) => fields.map((field) => counts.get(field) ?? 0));
}

async function openCounts(
  funnel: Funnel,
  windows: WindowSet,
  city: string | undefined,
  { reader }: QueryContext,
  together: boolean,
) {
  const of = city === undefined ? stageUsers : stageUsersByCity;
  const dimensions = funnel.stages.map((stage) => (city === undefined ? stage : cityDimension(stage, city)));
  if (together) return [await reader.uniques(of, { ...windows, dimensions })];
  const byStage = await reader.uniquesSeries(of, { ...windows, dimensions });
  return windows.labels.map((_, i) => byStage.map((counts) => counts[i] ?? 0));
}

async function seriesIn(funnel: Funnel, query: FunnelQuery, interval: Interval, context: QueryContext) {
  const { windows, buckets } = seriesOf(interval, context.period, context);
  const count = query.mode === 'closed' ? closedCounts : openCounts;
  const each = await count(funnel, windows, query.city, context, false);
  return buckets.map((bucket, i) => ({
    start: context.calendar.format(bucket.startMs),
    stages: toStages(funnel, each[i] ?? []),
  }));
}

/** Cities by the sessions that began in them, in both modes: an exact order. */
async function breakDown(funnel: Funnel, query: FunnelQuery, windows: WindowSet, context: QueryContext) {
  const { reader } = context;
  const cities = await byCity(await reader.totals(closedFunnel, windows, undefined, funnel.name), reader.pause);
  const first = funnel.stages[0] ?? '';
  const top = topCities(cities, (counts) => counts.get(first) ?? 0, query.limit);
  if (query.mode === 'closed') {
    const fields = stageFields(funnel);
    return top.map(([city, counts]) => ({
      city,
      stages: toStages(
        funnel,
        fields.map((field) => counts.get(field) ?? 0),
      ),
    }));
  }
  const dimensions = top.flatMap(([city]) => funnel.stages.map((stage) => cityDimension(stage, city)));
  const users = await reader.uniques(stageUsersByCity, { ...windows, dimensions });
  const width = funnel.stages.length;
  return top.map(([city], i) => ({ city, stages: toStages(funnel, users.slice(i * width, (i + 1) * width)) }));
}
