import { expect, test } from 'vitest';
import { actionCounts, realtime, recentUsers } from '../../../src/analytics/shared/realtime.ts';
import { Writes } from '../../../src/metrics/writes.ts';
import { Calendar } from '../../../src/time/calendar.ts';
import { cartFact, eventFact, sumsOf } from '../../support/core/facts.ts';

const now = new Calendar('UTC').realtime(Date.parse('2026-11-20T14:20:07Z'));

test('what is news counts by name in its five seconds, and its user in their half minute', () => {
  const writes = new Writes();
  realtime.fold(eventFact({ name: 'page_view' }, { realtime: now }), writes);
  realtime.fold(eventFact({ name: 'page_view', userId: 'u2' }, { realtime: now }), writes);
  realtime.fold(eventFact({ name: 'search' }, { realtime: now }), writes);
  expect(sumsOf(writes, actionCounts)).toEqual({ page_view: 2, search: 1 });
  expect([...(writes.sums.get(actionCounts)?.get('')?.keys() ?? [])]).toMatchObject([
    { fiveSeconds: '2026-11-20T14:20:05' },
  ]);
  const marks = [...(writes.uniques.get(recentUsers)?.get('') ?? [])];
  expect(marks).toEqual([[expect.objectContaining({ halfMinute: '2026-11-20T14:20:00' }), new Set(['u1', 'u2'])]]);
});

test('what arrived too late is none, and a cart’s step is no action', () => {
  const writes = new Writes();
  for (const fact of [eventFact({ name: 'page_view' }), cartFact('opened')]) realtime.fold(fact, writes);
  expect([writes.sums.size, writes.uniques.size]).toEqual([0, 0]);
});
