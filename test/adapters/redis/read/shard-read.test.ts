import { expect, test } from 'vitest';
import { fieldsOf } from '../../../../src/adapters/redis/read/shard-read.ts';

const quarters = (day: string, count: number): string[] =>
  Array.from({ length: count }, (_, i) => new Date(Date.parse(day) + i * 900_000).toISOString().slice(0, 16));

test('the same fields of many windows are named once a day, and each window is told its own', () => {
  const labels = [...quarters('2026-11-19', 96), ...quarters('2026-11-20', 3)];
  const told: string[] = [];
  const reads = fieldsOf(
    labels.map((label) => `key of ${label}`),
    labels,
    ['orders', 'revenue', 'orders'],
    (field, value, place) => told.push(`${field} of ${labels[place]}: ${value}`),
  );
  expect(reads.map(({ day, keys, args }) => [day, keys.length, args])).toEqual([
    ['2026-11-19', 96, ['orders', 'revenue']],
    ['2026-11-20', 3, ['orders', 'revenue']],
  ]);
  // Lua has no null: what is absent is false.
  reads[0]?.use(labels.slice(0, 96).map((_, i) => (i === 95 ? ['7', false] : [false, false])));
  reads[1]?.use([
    ['1', '2'],
    [false, false],
    [false, '3'],
  ]);
  expect(told).toEqual([
    'orders of 2026-11-19T23:45: 7',
    'orders of 2026-11-20T00:00: 1',
    'revenue of 2026-11-20T00:00: 2',
    'revenue of 2026-11-20T00:30: 3',
  ]);
});

test('no read of fields is more than a call may do, however many fields and windows there are', () => {
  const labels = quarters('2026-11-20', 96);
  const fields = Array.from({ length: 6_000 }, (_, i) => `metric|${i}`);
  const reads = fieldsOf(labels, labels, fields, () => undefined);
  expect(reads.every(({ us, args }) => us <= 1_500 && args.length <= 2_500)).toBe(true);
  const asked = reads.flatMap(({ keys, args }) => keys.flatMap((key) => args.map((field) => `${key} ${field}`)));
  expect(asked.length).toBe(96 * 6_000);
  expect(new Set(asked).size).toBe(96 * 6_000);
});
