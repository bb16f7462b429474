import type { EChartsCoreOption } from 'echarts/core';

export type ChartOption = EChartsCoreOption;

interface Palette {
  readonly series: string[];
  readonly ink: string;
  readonly line: string;
  readonly ground: string;
  readonly font: string;
}

/** Colours of the page's theme, as its stylesheet has them. */
function palette(): Palette {
  const style = getComputedStyle(document.documentElement);
  const of = (name: string): string => style.getPropertyValue(name).trim();
  const series = [1, 2, 3, 4, 5, 6].map((n) => of(`--series-${n}`));
  return { series, ink: of('--quiet'), line: of('--line'), ground: of('--card'), font: style.fontFamily };
}

export function themed(option: ChartOption): ChartOption {
  const { series, ink, line, ground, font } = palette();
  const axis = {
    // Where no font has a full-width sign, lines would lie upon each other.
    axisLabel: { color: ink, hideOverlap: true, lineHeight: 15 },
    axisLine: { lineStyle: { color: line } },
    splitLine: { lineStyle: { color: line } },
  };
  const oneAxis = (of: unknown): object => {
    const own = Object(of);
    return { ...axis, ...own, axisLabel: { ...axis.axisLabel, ...Object(own.axisLabel) } };
  };
  return {
    color: series,
    animation: !matchMedia('(prefers-reduced-motion: reduce)').matches,
    animationDuration: 250,
    // New numbers stand at once: they come too often to be shown moving.
    animationDurationUpdate: 0,
    textStyle: { color: ink, fontFamily: font },
    grid: { left: 8, right: 12, top: 28, bottom: 4, containLabel: true },
    ...option,
    tooltip: {
      trigger: 'axis',
      backgroundColor: ground,
      borderColor: line,
      textStyle: { color: ink, fontSize: 13 },
      transitionDuration: 0,
      confine: true,
      ...Object(option['tooltip']),
    },
    legend: { ...legendOf(ink, line), ...Object(option['legend']) },
    xAxis: oneAxis(option['xAxis']),
    yAxis: oneAxis(option['yAxis']),
  };
}

const legendOf = (ink: string, line: string) => ({
  top: 0,
  left: 0,
  bottom: 'auto',
  textStyle: { color: ink },
  inactiveColor: line,
  icon: 'roundRect',
  itemWidth: 12,
  itemHeight: 8,
});
