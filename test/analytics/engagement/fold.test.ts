import { expect, test } from 'vitest';
import { foldEngagement } from '../../../src/analytics/engagement/fold.ts';
import { engagementCounts, interactions } from '../../../src/analytics/engagement/keys.ts';
import { Writes } from '../../../src/analytics/writes.ts';
import { eventFact, item, sumsOf } from '../../support/facts.ts';

test('a session is a bounce until its second event', () => {
  const writes = new Writes();
  const first = eventFact({ name: 'page_view' });
  foldEngagement(first, writes);
  expect(sumsOf(writes, engagementCounts)).toMatchObject({ events: 1, sessions: 1, bounces: 1 });
  foldEngagement({ ...first, session: { ...first.session, events: 2, durationDeltaMs: 4_000 } }, writes);
  expect(sumsOf(writes, engagementCounts)).toMatchObject({
    events: 2,
    sessions: 1,
    bounces: 0,
    session_ms: 4_000,
    'events|Pune': 2,
  });
});

test('a user’s interactions are remembered by their own time', () => {
  const writes = new Writes();
  foldEngagement(eventFact({ name: 'view_item', timestampMs: 5, items: [item('a')] }), writes);
  expect([...(writes.histories.get(interactions)?.get('u1') ?? [])]).toEqual([['["e1","view_item","a"]', 5]]);
});
