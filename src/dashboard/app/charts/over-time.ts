import { formatMove } from '../text/format.ts';
import { clock, formatBucket, formatDayOfYear } from '../text/time.ts';
import { said } from '../words/said.ts';
import type { MarkedBucket } from './marks/mark.ts';
import type { ChartOption } from './theme.ts';
import type { Timeline } from './timeline.ts';
import { tooltipOf } from './tooltip.ts';

interface SeriesLine {
  readonly name: string;
  /** One for each bucket. */
  readonly values: readonly (number | null | undefined)[];
  readonly kind?: 'line' | 'bar';
  /** Of the period before, which is known for hours to come as well. */
  readonly isBefore?: boolean;
}

type Values = readonly (number | null)[];

/** How a value is written: whole at the pointer, short on the axis. */
interface Writers {
  readonly write: (n: number) => string;
  readonly onAxis?: (n: number) => string;
  /** Shares move by percentage points. */
  readonly isShare?: boolean;
  /** What happened beside the numbers. */
  readonly marked?: readonly MarkedBucket[];
}

/** Values over time: what is over is drawn, what is under way is marked as such, and what lies ahead is left out. */
export function overTime(timeline: Timeline, lines: readonly SeriesLine[], writers: Writers): ChartOption {
  const { write, onAxis = write, isShare = false, marked } = writers;
  const { starts, interval, over, begun } = timeline;
  const known = lines.map((line) => ({
    ...line,
    values: line.values.map((value, i): number | null => (line.isBefore || i < begun ? (value ?? null) : null)),
  }));
  const isSoFar = (i: number): boolean => i >= over && i < begun;
  const title = (i: number): string =>
    `${formatBucket(starts[i] ?? '', interval)}${isSoFar(i) ? said(', so far') : ''}`;
  const before = known.find((line) => line.isBefore);
  // What is under way would always have fallen.
  const moved = (i: number): string | undefined => {
    const [now, was] = [known[0]?.values[i], before?.values[i]];
    return i >= over || now == null || was == null ? undefined : formatMove(now, was, isShare);
  };
  return {
    xAxis: {
      type: 'category',
      data: [...starts],
      boundaryGap: lines.some(({ kind }) => kind === 'bar'),
      axisTick: { show: false },
      axisLabel: { formatter: labelOf(timeline), ...ticksOf(timeline) },
    },
    yAxis: { type: 'value', axisLabel: { formatter: onAxis }, ...(interval === '30s' && { splitNumber: 2 }) },
    legend: { show: lines.length > 1 },
    tooltip: { formatter: tooltipOf(title, known, write, marked, moved) },
    series: known.flatMap(({ kind, ...line }) =>
      kind === 'bar' ? [barsOf(line, isSoFar)] : linesOf(line, lines.length === 1, timeline),
    ),
  };
}

function barsOf({ name, values }: { readonly name: string; readonly values: Values }, isSoFar: (i: number) => boolean) {
  return {
    id: name,
    name,
    type: 'bar',
    barMaxWidth: 48,
    data: values.map((value, i) => (isSoFar(i) ? { value, itemStyle: { opacity: 0.5 } } : value)),
  };
}

interface DrawnLine {
  readonly name: string;
  readonly values: Values;
  readonly isBefore?: boolean;
}

/** A line as far as time is over, and marks beside it for what there is so far. */
function linesOf({ name, values, isBefore = false }: DrawnLine, isAlone: boolean, { over, begun }: Timeline): object[] {
  const done = isBefore ? values : values.map((value, i) => (i < over ? value : null));
  const isPoint = (i: number): boolean => done[i] != null && done[i - 1] == null && done[i + 1] == null;
  const line = {
    id: name,
    name,
    type: 'line',
    data: done,
    // A point without neighbours makes no line.
    showSymbol: done.some((_, i) => isPoint(i)),
    lineStyle: { width: isBefore ? 1.5 : 2, type: isBefore ? 'dashed' : 'solid' },
    // A ghost before what is now, which bars would hide.
    ...(isBefore && { color: 'var(--quiet)', z: 3 }),
    ...(isAlone && { areaStyle: { opacity: 0.12 } }),
  };
  if (isBefore || begun === over) return [line];
  const soFar = {
    id: `${name}, so far`,
    name,
    type: 'line',
    data: values.map((value, i) => (i >= over && i < begun ? value : null)),
    symbol: 'emptyCircle',
    symbolSize: 6,
    showSymbol: true,
    lineStyle: { width: 0 },
  };
  return [line, soFar];
}

const daysIn = (starts: readonly string[]): number => new Set(starts.map((start) => start.slice(0, 10))).size;

/** Hours of one day; hours and dates of a few; dates alone of many. The year where it begins, or is not this one. */
function labelOf({ starts, interval }: Timeline): (start: string, i: number) => string {
  const thisYear = new Date().getFullYear().toString();
  const dated = (start: string, i: number): string => {
    const year = start.slice(0, 4);
    const isNew = i === 0 ? year !== thisYear : year !== starts[i - 1]?.slice(0, 4);
    return isNew ? `${formatDayOfYear(start)}\n${year}` : formatDayOfYear(start);
  };
  if (interval === 'day') return dated;
  const isOneDay = interval === '30s' || daysIn(starts) === 1;
  return (start, i) => (clock(start) === '00:00' && !isOneDay ? dated(start, i) : clock(start));
}

/** Which buckets have a label, where they are parts of days. */
function ticksOf({ starts, interval }: Timeline): object {
  if (interval === 'day') return {};
  if (interval === '30s') return { interval: (_: number, start: string) => start.slice(15, 19) === '0:00' };
  const days = daysIn(starts);
  const everyHours = days === 1 ? 3 : days <= 3 ? 6 : 24;
  const isTick = (start: string): boolean =>
    start.slice(14, 16) === '00' && Number(start.slice(11, 13)) % everyHours === 0;
  return { interval: (_: number, start: string) => isTick(start) };
}
