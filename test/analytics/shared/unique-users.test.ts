import { expect, test } from 'vitest';
import {
  cityDimension,
  stageUsers,
  stageUsersByCity,
  touchedHours,
  uniqueUserCities,
  uniqueUsers,
} from '../../../src/analytics/shared/unique-users.ts';
import { CountOf } from '../../support/core/facts.ts';
import { allMarks, allSums } from '../../support/core/sums.ts';

test('a user is marked at each new stage in their city, and their hour for the rollup', () => {
  const count = new CountOf(uniqueUsers).event({ name: 'view_item' }, { newStages: ['visit', 'view'] });
  const marks = allMarks(count.sums).filter(({ family }) => family === stageUsersByCity);
  expect(marks.map(({ dimensions, users }) => [dimensions, users])).toEqual([
    ['visit:Pune', ['u1']],
    ['view:Pune', ['u1']],
  ]);
  // Whoever stores them marks the same users over all cities.
  expect(stageUsersByCity.within).toBe(stageUsers);
  expect(count.of(uniqueUserCities)).toEqual({ Pune: 1 });
  expect(count.writes.state.get(touchedHours)?.get('')).toEqual(new Map([['2026-11-20T14', '2026-11-20']]));
});

test('a user who has been at all of them is marked nowhere', () => {
  const count = new CountOf(uniqueUsers).event({ name: 'view_item' });
  expect([allMarks(count.sums), allSums(count.sums), count.writes.state.size]).toEqual([[], [], 0]);
});

test('a city may hold a colon; the stage before it does not', () => {
  expect(cityDimension('view', 'a|b:c')).toBe('view:a|b:c');
});
