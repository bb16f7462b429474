import { expect, test } from 'vitest';
import { z } from 'zod';
import { numberAt } from '../../src/alerts/field.ts';
import { hasNumberAt } from '../../src/alerts/field-schema.ts';

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
  [rows, '.views', undefined],
  [rows, '1e0.views', undefined],
  [{ orders: '7' }, 'orders', undefined],
])('the number of %j at %s is %s', (data, path, number) => {
  expect(numberAt(data, path)).toBe(number);
});

const answer = z.object({
  orders: z.number(),
  rate: z.number().nullable(),
  name: z.string().optional(),
  stages: z.array(z.object({ stage: z.string(), count: z.int(), left: z.number().optional() })),
});

test.each([
  [answer, 'orders', true],
  [answer, 'rate', true],
  [answer, 'stages.1.count', true],
  [answer, 'stages.stage=purchase.left', true],
  [z.array(z.object({ views: z.int() })), 'sum.views', true],
  [answer, 'name', false],
  [answer, 'stages', false],
  [answer, 'stages.step=purchase.count', false],
  [answer, 'stages.count', false],
  [answer, 'stages.1e0.count', false],
  [answer, 'orders.sum', false],
  [z.array(z.object({ item_name: z.string() })), 'sum.item_name', false],
  [z.array(z.object({ views: z.int() })), 'sum.viewz', false],
  [z.array(z.object({ views: z.int() })), '.views', false],
])('whether answers have a number is told without rows: %#, %s: %s', (schema, path, is) => {
  expect(hasNumberAt(schema, path)).toBe(is);
});
