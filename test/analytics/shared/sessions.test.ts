import { expect, test } from 'vitest';
import { sessionCounts, sessionTotals } from '../../../src/analytics/shared/sessions.ts';
import { Writes } from '../../../src/metrics/writes.ts';
import { eventFact, sumsOf } from '../../support/core/facts.ts';

test('a session is a bounce until its second event', () => {
  const writes = new Writes();
  const first = eventFact({ name: 'page_view' });
  sessionTotals.fold(first, writes);
  expect(sumsOf(writes, sessionCounts)).toMatchObject({ events: 1, sessions: 1, bounces: 1 });
  sessionTotals.fold({ ...first, session: { ...first.session, events: 2, durationDeltaMs: 4_000 } }, writes);
  expect(sumsOf(writes, sessionCounts)).toMatchObject({
    events: 2,
    sessions: 1,
    bounces: 0,
    session_ms: 4_000,
    'events|Pune': 2,
  });
});
