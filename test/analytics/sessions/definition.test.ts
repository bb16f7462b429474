import { expect, test } from 'vitest';
import { newUserCounts, newUsersDefinition } from '../../../src/analytics/sessions/definition.ts';
import { CountOf } from '../../support/core/facts.ts';

test('a new user counts once, where and when the session began', () => {
  const count = new CountOf(newUsersDefinition);
  count.event({ name: 'page_view', city: 'Berlin' }, { session: { isNewUser: true } });
  count.event({ name: 'page_view', city: 'Berlin' });
  expect(count.of(newUserCounts)).toEqual({ users: 1, 'users|Berlin': 1 });
});
