import { expect, test } from 'vitest';
import { actionCounts, realtime, recentUsers } from '../../../src/analytics/shared/realtime.ts';
import { CountOf } from '../../support/core/facts.ts';
import { allMarks, allSums } from '../../support/core/sums.ts';

const newsAtMs = Date.parse('2026-11-20T14:20:07Z');

test('what is news counts by name in its five seconds, and its user in their half minute', () => {
  const count = new CountOf(realtime);
  count.event({ name: 'page_view' }, { newsAtMs }).event({ name: 'page_view', userId: 'u2' }, { newsAtMs });
  count.event({ name: 'search' }, { newsAtMs });
  expect(count.of(actionCounts)).toEqual({ page_view: 2, search: 1 });
  for (const { time } of allSums(count.sums)) expect(time).toMatchObject({ fiveSeconds: '2026-11-20T14:20:05' });
  expect(allMarks(count.sums)).toEqual([
    expect.objectContaining({
      family: recentUsers,
      dimensions: '',
      time: expect.objectContaining({ halfMinute: '2026-11-20T14:20:00' }),
      users: ['u1', 'u2'],
    }),
  ]);
});

test('what arrived too late is none, and a cart’s step is no action', () => {
  const count = new CountOf(realtime).event({ name: 'page_view' }).cart('opened');
  expect([allSums(count.sums), allMarks(count.sums)]).toEqual([[], []]);
});
