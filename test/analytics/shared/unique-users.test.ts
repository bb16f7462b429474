import { expect, test } from 'vitest';
import {
  dailyUsers,
  hourlyUsers,
  stageUsers,
  stageUsersByValue,
  touchedHours,
  uniqueUsers,
  uniqueUserValues,
} from '../../../src/analytics/shared/unique-users.ts';
import type { UniquesFamily } from '../../../src/metrics/family.ts';
import { NO_VALUE } from '../../../src/metrics/sums/dimension-values.ts';
import { CountOf } from '../../support/core/facts.ts';
import { allMarks, allSums } from '../../support/core/sums.ts';

/** Who joins the sets of users, by what stands in their keys. */
const estimated = ({ sums }: CountOf, of: UniquesFamily) =>
  Object.fromEntries(
    allMarks(sums)
      .filter(({ family }) => family === of)
      .map(({ dimensions, users }) => [dimensions, users]),
  );

const pune = (count: CountOf): number => count.sums.dictionaries.values.ofTexts(['Pune']);

test('a user counts at each stage that they reach, in the hour and on the day, and their hour is marked for the rollup', () => {
  const count = new CountOf(uniqueUsers);
  const first = { overAll: true, values: pune(count) };
  const reached = ['visit', 'view'].map((stage) => ({ stage, inHour: first, inDay: first }));
  count.event({ name: 'view_item' }, { reached });
  for (const family of [hourlyUsers, dailyUsers]) {
    expect(count.of(family)).toEqual({ visit: 1, view: 1, 'visit|Pune': 1, 'view|Pune': 1 });
  }
  expect(estimated(count, stageUsers)).toEqual({ visit: ['u1'], view: ['u1'] });
  expect(estimated(count, stageUsersByValue)).toEqual({ 'visit:city:Pune': ['u1'], 'view:city:Pune': ['u1'] });
  expect(count.of(uniqueUserValues)).toEqual({ Pune: 1 });
  expect(count.writes.state.get(touchedHours)?.get('')).toEqual(new Map([['2026-11-20T14', '2026-11-20']]));
});

test('who was counted over all counts with another value alone, and who was counted with it as well not at all', () => {
  const count = new CountOf(uniqueUsers);
  const inHour = { overAll: false, values: pune(count) };
  count.event(
    { name: 'page_view' },
    { reached: [{ stage: 'visit', inHour, inDay: { overAll: false, values: NO_VALUE } }] },
  );
  expect([count.of(hourlyUsers), count.of(dailyUsers)]).toEqual([{ 'visit|Pune': 1 }, {}]);
  expect([estimated(count, stageUsers), estimated(count, stageUsersByValue)]).toEqual([
    {},
    { 'visit:city:Pune': ['u1'] },
  ]);
});

test('a user who has been at all of them is marked nowhere', () => {
  const count = new CountOf(uniqueUsers).event({ name: 'view_item' });
  expect([allMarks(count.sums), allSums(count.sums), count.writes.state.size]).toEqual([[], [], 0]);
});
