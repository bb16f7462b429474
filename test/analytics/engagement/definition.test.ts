import { expect, test } from 'vitest';
import { engagementDefinition, interactions } from '../../../src/analytics/engagement/definition.ts';
import { CountOf, item } from '../../support/core/facts.ts';
import { allMembers } from '../../support/core/sums.ts';

test('a user’s interactions are remembered by their own time', () => {
  const { sums } = new CountOf(engagementDefinition).event({ name: 'view_item', timestampMs: 5, items: [item('a')] });
  expect(allMembers(sums)).toEqual([
    { family: interactions, owner: 'u1', members: [{ atMs: 5, member: '["e1","view_item","a"]' }], renew: true },
  ]);
});
