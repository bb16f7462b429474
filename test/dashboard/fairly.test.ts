import { expect, test } from 'vitest';
import { timelineOf } from '../../src/dashboard/app/charts/timeline.ts';
import { addUp, fairly, meanOf, untilOf } from '../../src/dashboard/app/series/fairly.ts';

const day = (date: string, n: number) =>
  Array.from({ length: 24 }, (_, hour) => ({ start: `${date}T${String(hour).padStart(2, '0')}:00:00+00:00`, n }));
const sum = (points: readonly { readonly n: number }[]) => ({ total: addUp(points, 'n') });
const [now, before] = [
  { total: 50, series: day('2026-11-28', 3) },
  { total: 48, series: day('2026-11-27', 2) },
];
const at = (asOf: string) => {
  const timeline = timelineOf(now.series, 'hour', asOf, 'UTC');
  return { compared: fairly({ timeline, now, before, sum }), until: untilOf(timeline) };
};

test('a day that is not over is compared up to the last hour that is', () => {
  const { compared, until } = at('2026-11-28T15:10:00Z');
  expect([compared?.now.total, compared?.before.total]).toEqual([45, 30]);
  expect(until).toBe('; changes up to 15:00, against the same time before');
});

test('a day that is over is compared whole, and one that has just begun not at all', () => {
  expect(at('2026-11-29T00:00:00Z').compared).toEqual({ now, before });
  expect(at('2026-11-29T00:00:00Z').until).toBe('');
  expect(at('2026-11-28T00:10:00Z').compared).toBeUndefined();
  expect(at('2026-11-28T00:10:00Z').until).toBe('; too early to compare');
});

test('the mean of a ratio weighs each hour by what it is a ratio of', () => {
  const hours = [
    { rate: 0.5, of: 2 },
    { rate: 0.1, of: 8 },
    { rate: null, of: 0 },
  ];
  expect(
    meanOf(
      hours,
      ({ rate }) => rate,
      ({ of }) => of,
    ),
  ).toBeCloseTo(0.18);
  expect(meanOf([], () => 1, Number)).toBeNull();
});
