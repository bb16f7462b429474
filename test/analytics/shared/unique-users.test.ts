import { expect, test } from 'vitest';
import {
  stageUsers,
  stageUsersByValue,
  touchedHours,
  uniqueUsers,
  uniqueUserValues,
} from '../../../src/analytics/shared/unique-users.ts';
import { CountOf } from '../../support/core/facts.ts';
import { allMarks, allSums } from '../../support/core/sums.ts';

test('a user is marked at each new stage in their city, and their hour for the rollup', () => {
  const count = new CountOf(uniqueUsers).event({ name: 'view_item' }, { newStages: ['visit', 'view'] });
  const marks = allMarks(count.sums).filter(({ family }) => family === stageUsersByValue);
  expect(marks.map(({ dimensions, users }) => [dimensions, users])).toEqual([
    ['visit:city:Pune', ['u1']],
    ['view:city:Pune', ['u1']],
  ]);
  // Whoever stores them marks the same users over all cities.
  expect(stageUsersByValue.within).toBe(stageUsers);
  expect(count.of(uniqueUserValues)).toEqual({ Pune: 1 });
  expect(count.writes.state.get(touchedHours)?.get('')).toEqual(new Map([['2026-11-20T14', '2026-11-20']]));
});

test('a user who has been at all of them is marked nowhere', () => {
  const count = new CountOf(uniqueUsers).event({ name: 'view_item' });
  expect([allMarks(count.sums), allSums(count.sums), count.writes.state.size]).toEqual([[], [], 0]);
});
