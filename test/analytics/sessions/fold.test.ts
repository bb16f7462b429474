import { expect, test } from 'vitest';
import { foldSessions } from '../../../src/analytics/sessions/fold.ts';
import { newUserCounts } from '../../../src/analytics/sessions/keys.ts';
import { Writes } from '../../../src/analytics/writes.ts';
import { eventFact, sumsOf } from '../../support/facts.ts';

test('a new user counts once, where and when the session began', () => {
  const writes = new Writes();
  const fact = eventFact({ name: 'page_view', city: 'Berlin' });
  foldSessions({ ...fact, session: { ...fact.session, isNewUser: true } }, writes);
  foldSessions(fact, writes);
  expect(sumsOf(writes, newUserCounts)).toEqual({ users: 1, 'users|Pune': 1 });
});
