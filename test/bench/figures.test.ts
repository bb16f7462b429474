import { expect, test } from 'vitest';
import { type Figure, missed, tableOf } from './parts/figures.ts';

const rate: Figure = { what: 'cartpulse', value: 21_067, unit: 'events/s', atLeast: 60_000, inQuickHour: true };
const ratio: Figure = { what: 'cartpulse', value: 0.08, unit: '× parse only', atLeast: 0.2 };

test('an absolute mark is missed in a quick hour alone, a ratio in every hour', () => {
  expect([true, false].map((isQuickHour) => missed(rate, isQuickHour))).toEqual([true, false]);
  expect([true, false].map((isQuickHour) => missed(ratio, isQuickHour))).toEqual([true, true]);
});

test('a figure that could not be measured misses its mark', () => {
  expect(missed({ what: 'p99', value: Number.NaN, unit: 'ms', atMost: 40 }, true)).toBe(true);
});

test('the table says both', () => {
  expect(tableOf([rate, ratio], false).split('\n').slice(2)).toEqual([
    '| cartpulse | 21,067 events/s | ≥ 60,000 in a quick hour |',
    '| cartpulse | 0.08 × parse only | ≥ 0.20 missed |',
  ]);
});
