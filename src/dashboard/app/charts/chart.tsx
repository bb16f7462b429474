import { BarChart, FunnelChart, LineChart } from 'echarts/charts';
import { GridComponent, LegendComponent, TooltipComponent } from 'echarts/components';
import { type EChartsCoreOption, init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';

import { useEffect, useRef } from 'preact/hooks';

use([BarChart, FunnelChart, LineChart, GridComponent, LegendComponent, TooltipComponent, SVGRenderer]);

export type ChartOption = EChartsCoreOption;

/** Colours of the page's theme, as its stylesheet has them. */
function palette(): {
  readonly series: string[];
  readonly ink: string;
  readonly line: string;
  readonly ground: string;
  readonly font: string;
} {
  const style = getComputedStyle(document.documentElement);
  const of = (name: string): string => style.getPropertyValue(name).trim();
  const series = [1, 2, 3, 4, 5, 6].map((n) => of(`--series-${n}`));
  return { series, ink: of('--quiet'), line: of('--line'), ground: of('--card'), font: style.fontFamily };
}

function themed(option: ChartOption): ChartOption {
  const { series, ink, line, ground, font } = palette();
  const axis = {
    axisLabel: { color: ink, hideOverlap: true },
    axisLine: { lineStyle: { color: line } },
    splitLine: { lineStyle: { color: line } },
  };
  const oneAxis = (of: unknown): object => {
    const own = Object(of);
    return { ...axis, ...own, axisLabel: { ...axis.axisLabel, ...Object(own.axisLabel) } };
  };
  const axes = (of: unknown) => (Array.isArray(of) ? of.map(oneAxis) : oneAxis(of));
  return {
    color: series,
    animation: !matchMedia('(prefers-reduced-motion: reduce)').matches,
    animationDuration: 250,
    textStyle: { color: ink, fontFamily: font },
    grid: { left: 8, right: 12, top: 28, bottom: 4, containLabel: true },
    tooltip: { trigger: 'axis', backgroundColor: ground, borderColor: line, textStyle: { color: ink }, confine: true },
    ...option,
    legend: { ...legendOf(ink), ...Object(option['legend']) },
    ...('xAxis' in option && { xAxis: axes(option['xAxis']), yAxis: axes(option['yAxis']) }),
  };
}

const legendOf = (ink: string) => ({
  top: 0,
  left: 0,
  bottom: 'auto',
  textStyle: { color: ink },
  icon: 'roundRect',
  itemWidth: 12,
  itemHeight: 8,
});

interface ChartProps {
  readonly label: string;
  readonly option: ChartOption;
  readonly theme: string;
  readonly height?: number;
}

export function Chart({ label, option, theme, height = 240 }: ChartProps) {
  const element = useRef<HTMLDivElement>(null);
  const chart = useRef<ReturnType<typeof init> | null>(null);
  useEffect(() => {
    const { current } = element;
    if (current === null) return undefined;
    const made = init(current, null, { renderer: 'svg' });
    chart.current = made;
    const observer = new ResizeObserver(() => made.resize());
    observer.observe(current);
    return () => {
      observer.disconnect();
      made.dispose();
    };
  }, []);
  useEffect(() => {
    chart.current?.setOption(themed(option), { notMerge: true });
  }, [option, theme]);
  return <div ref={element} class="chart" role="img" aria-label={label} style={{ height: `${height}px` }} />;
}

interface SeriesLine {
  readonly name: string;
  readonly values: readonly (number | null)[];
  readonly dashed?: boolean;
  readonly kind?: 'line' | 'bar';
}

function standsAlone(values: readonly (number | null)[], i: number): boolean {
  const isKnown = (at: number): boolean => typeof values[at] === 'number';
  return isKnown(i) && !isKnown(i - 1) && !isKnown(i + 1);
}

/** Values over time. */
export function overTime(
  labels: readonly string[],
  lines: readonly SeriesLine[],
  write: (n: number) => string,
): ChartOption {
  return {
    xAxis: { type: 'category', data: [...labels], boundaryGap: lines.some(({ kind }) => kind === 'bar') },
    yAxis: { type: 'value', axisLabel: { formatter: write } },
    legend: { show: lines.length > 1 },
    series: lines.map(({ name, values, dashed, kind = 'line' }) => ({
      name,
      type: kind,
      data: [...values],
      // A point without neighbours makes no line.
      showSymbol: values.some((_, i) => standsAlone(values, i)),
      smooth: false,
      lineStyle: { width: 2, type: dashed ? 'dashed' : 'solid' },
      ...(kind === 'line' && !dashed && lines.length === 1 && { areaStyle: { opacity: 0.12 } }),
      tooltip: { valueFormatter: (value: unknown) => (typeof value === 'number' ? write(value) : '–') },
    })),
  };
}
