import { expect, test } from 'vitest';
import {
  cityDimension,
  stageUsers,
  stageUsersByCity,
  touchedHours,
  uniqueUserCities,
  uniqueUsers,
} from '../../../src/analytics/shared/unique-users.ts';
import { Writes } from '../../../src/metrics/writes.ts';
import { eventFact, sumsOf } from '../../support/core/facts.ts';

test('a user is marked at each new stage in their city, and their hour for the rollup', () => {
  const writes = new Writes();
  uniqueUsers.fold(eventFact({ name: 'view_item' }, { newStages: ['visit', 'view'] }), writes);
  const marks = [...(writes.uniques.get(stageUsersByCity) ?? [])];
  expect(marks.map(([dimension, byTime]) => [dimension, ...[...byTime.values()].map((users) => [...users])])).toEqual([
    ['visit:Pune', ['u1']],
    ['view:Pune', ['u1']],
  ]);
  // Whoever stores them marks the same users over all cities.
  expect(stageUsersByCity.within).toBe(stageUsers);
  expect(sumsOf(writes, uniqueUserCities)).toEqual({ Pune: 1 });
  expect(writes.state.get(touchedHours)?.get('')).toEqual(new Map([['2026-11-20T14', '2026-11-20']]));
});

test('a user who has been at all of them is marked nowhere', () => {
  const writes = new Writes();
  uniqueUsers.fold(eventFact({ name: 'view_item' }), writes);
  expect([writes.uniques.size, writes.sums.size, writes.state.size]).toEqual([0, 0, 0]);
});

test('a city may hold a colon; the stage before it does not', () => {
  expect(cityDimension('view', 'a|b:c')).toBe('view:a|b:c');
});
