import { expect, test } from 'vitest';
import { newUserCounts, newUsersDefinition } from '../../../src/analytics/sessions/definition.ts';
import { Writes } from '../../../src/metrics/writes.ts';
import { eventFact, sumsOf } from '../../support/core/facts.ts';

test('a new user counts once, where and when the session began', () => {
  const writes = new Writes();
  const fact = eventFact({ name: 'page_view', city: 'Berlin' });
  newUsersDefinition.fold({ ...fact, session: { ...fact.session, isNewUser: true } }, writes);
  newUsersDefinition.fold(fact, writes);
  expect(sumsOf(writes, newUserCounts)).toEqual({ users: 1, 'users|Pune': 1 });
});
