import { expect, test } from 'vitest';
import { newUserCounts, sessionsDefinition } from '../../../src/analytics/sessions/definition.ts';
import { CountOf } from '../../support/facts.ts';

test('a new user counts once, where and when the session began', () => {
  const count = new CountOf(sessionsDefinition);
  count.event({ name: 'page_view', city: 'Berlin' }, { session: { isNewUser: true } });
  count.event({ name: 'page_view', city: 'Berlin' });
  expect(count.of(newUserCounts)).toEqual({ users: 1, 'users|Pune': 1 });
});
