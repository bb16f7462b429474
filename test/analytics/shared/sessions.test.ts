import { expect, test } from 'vitest';
import { sessionCounts, sessionTotals } from '../../../src/analytics/shared/sessions.ts';
import { CountOf } from '../../support/core/facts.ts';

test('a session is a bounce until its second event', () => {
  const count = new CountOf(sessionTotals).event({ name: 'page_view' }, { session: { bounceDelta: 1 } });
  expect(count.of(sessionCounts)).toMatchObject({ events: 1, sessions: 1, bounces: 1 });
  count.event({ name: 'page_view' }, { session: { events: 2, bounceDelta: -1, durationDeltaMs: 4_000 } });
  expect(count.of(sessionCounts)).toMatchObject({
    events: 2,
    sessions: 1,
    session_ms: 4_000,
    'events|Pune': 2,
  });
  expect(count.of(sessionCounts)).not.toHaveProperty('bounces');
});
