import { expect, test } from 'vitest';
import { closedFunnel, engagementCounts, foldSessionCounts } from '../../src/analytics/session-counts.ts';
import { Writes } from '../../src/analytics/writes.ts';
import { eventFact, sumsOf } from '../support/facts.ts';

test('a session is a bounce until its second event', () => {
  const writes = new Writes();
  const first = eventFact({ name: 'page_view' });
  foldSessionCounts(first, writes);
  expect(sumsOf(writes, engagementCounts)).toMatchObject({ events: 1, sessions: 1, bounces: 1 });
  foldSessionCounts({ ...first, session: { ...first.session, events: 2, durationDeltaMs: 4_000 } }, writes);
  expect(sumsOf(writes, engagementCounts)).toMatchObject({
    events: 2,
    sessions: 1,
    bounces: 0,
    session_ms: 4_000,
    'events|Pune': 2,
  });
});

test('a session counts at each stage that it reaches, for all cities and for its own', () => {
  const writes = new Writes();
  const fact = eventFact({ name: 'view_item', city: 'Berlin' });
  const reached = [{ funnel: 'shop', stages: ['visit', 'view'], seconds: undefined }];
  foldSessionCounts({ ...fact, session: { ...fact.session, reached } }, writes);
  expect(sumsOf(writes, closedFunnel, 'shop')).toEqual({ visit: 1, 'visit|Pune': 1, view: 1, 'view|Pune': 1 });
});
