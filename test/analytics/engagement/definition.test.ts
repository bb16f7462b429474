import { expect, test } from 'vitest';
import { engagementDefinition, interactions } from '../../../src/analytics/engagement/definition.ts';
import { Writes } from '../../../src/metrics/writes.ts';
import { eventFact, item } from '../../support/core/facts.ts';

test('a user’s interactions are remembered by their own time', () => {
  const writes = new Writes();
  engagementDefinition.fold(eventFact({ name: 'view_item', timestampMs: 5, items: [item('a')] }), writes);
  const history = writes.histories.get(interactions)?.get('u1');
  expect(history).toEqual({ members: ['5', '["e1","view_item","a"]'], renew: true });
});
