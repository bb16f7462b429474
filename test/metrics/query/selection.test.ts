import { expect, test } from 'vitest';
import { rowsInTime } from '../../../src/metrics/query/selection.ts';

const TIMES = [{ start: '2026-11-20T14:00:00Z' }, { start: '2026-11-20T14:15:00Z' }];
const counts = (orders: number) => new Map([['orders', orders]]);

test('figures of points are made for rows with a series alone, of their own counters', () => {
  const made: number[] = [];
  const figuresOf = (counts: ReadonlyMap<string, number>, [field = '']: readonly string[]) => {
    const orders = counts.get(field) ?? 0;
    made.push(orders);
    return { orders };
  };
  const top = [
    ['Pune', counts(5)],
    ['Delhi', counts(2)],
  ] as const;
  const own = (pune: number) =>
    new Map([
      ['orders|Pune', pune],
      ['orders|Delhi', 9],
    ]);
  const ofPune = { total: own(6), each: [own(4), own(2)], fields: ['orders|Pune'] };
  const inTime = (value: string) => (value === 'Pune' ? ofPune : undefined);

  expect(rowsInTime('city', top, inTime, TIMES, ['orders'], figuresOf)).toEqual([
    {
      city: 'Pune',
      orders: 6,
      series: [
        { start: '2026-11-20T14:00:00Z', orders: 4 },
        { start: '2026-11-20T14:15:00Z', orders: 2 },
      ],
    },
    { city: 'Delhi', orders: 2 },
  ]);
  expect(made.sort()).toEqual([2, 2, 4, 6]);
  made.length = 0;

  rowsInTime('city', top, undefined, TIMES, ['orders'], figuresOf);

  expect(made).toEqual([5, 2]);
});
