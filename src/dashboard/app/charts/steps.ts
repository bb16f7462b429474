import { formatMoment } from '../text/time.ts';
import type { MarkedBucket } from './marks/mark.ts';
import type { ChartOption } from './theme.ts';
import { tooltipOf } from './tooltip.ts';

interface Steps {
  readonly name: string;
  readonly moments: readonly string[];
  readonly values: readonly number[];
  readonly timezone: string;
  readonly write: (n: number) => string;
  readonly marked?: readonly MarkedBucket[];
}

/** A level that stays until it changes. */
export function steps({ name, moments, values, timezone, write, marked }: Steps): ChartOption {
  const told = moments.map((moment) => formatMoment(moment, timezone));
  return {
    xAxis: { type: 'category', data: told, axisLabel: { alignMinLabel: 'left', alignMaxLabel: 'right' } },
    yAxis: { type: 'value', axisLabel: { formatter: write } },
    legend: { show: false },
    tooltip: { formatter: tooltipOf((i) => told[i] ?? '', [{ name, values }], write, marked) },
    series: [
      {
        id: name,
        name,
        type: 'line',
        step: 'end',
        data: [...values],
        showSymbol: values.length === 1,
        lineStyle: { width: 2 },
        areaStyle: { opacity: 0.12 },
      },
    ],
  };
}
