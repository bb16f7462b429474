import { expect, test } from 'vitest';
import { numberAt } from '../../src/alerts/field.ts';

const stages = [
  { stage: 'visit', count: 9 },
  { stage: 'purchase', count: 2 },
];
const rows = [{ views: 3, left: null }, { views: 5, left: 4 }, { views: 1 }];

test.each([
  [{ orders: 7 }, 'orders', 7],
  [{ stages }, 'stages.1.count', 2],
  [{ stages }, 'stages.stage=purchase.count', 2],
  [{ stages }, 'stages.stage=cart.count', 0],
  [rows, 'sum.views', 9],
  [rows, 'max.views', 5],
  [rows.slice(0, 2), 'sum.left', 4],
  [{ stages }, 'stages.max.count', 9],
  [[], 'sum.views', 0],
  [[], 'max.views', 0],
  [{ sum: 4 }, 'sum', 4],
  [rows.slice(0, 1), 'max.left', null],
  [rows.slice(0, 1), 'sum.left', null],
  [rows, 'sum', undefined],
  [rows, 'max.left', undefined],
  [rows, 'sum.viewz', undefined],
  [{ orders: '7' }, 'orders', undefined],
])('the number of %j at %s is %s', (data, path, number) => {
  expect(numberAt(data, path)).toBe(number);
});
