import { expect, test } from 'vitest';
import { foldEngagement } from '../../../src/analytics/engagement/fold.ts';
import { interactions } from '../../../src/analytics/engagement/keys.ts';
import { Writes } from '../../../src/analytics/writes.ts';
import { eventFact, item } from '../../support/facts.ts';

test('a user’s interactions are remembered by their own time', () => {
  const writes = new Writes();
  foldEngagement(eventFact({ name: 'view_item', timestampMs: 5, items: [item('a')] }), writes);
  const history = writes.histories.get(interactions)?.get('u1');
  expect(history).toEqual({ members: new Map([['["e1","view_item","a"]', 5]]), renew: true });
});
