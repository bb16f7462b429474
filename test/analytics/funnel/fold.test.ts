import { expect, test } from 'vitest';
import { foldFunnel } from '../../../src/analytics/funnel/fold.ts';
import { closedFunnel } from '../../../src/analytics/funnel/keys.ts';
import { Writes } from '../../../src/analytics/writes.ts';
import { eventFact, sumsOf } from '../../support/facts.ts';

test('a session counts at each stage that it reaches, for all cities and for its own', () => {
  const writes = new Writes();
  const fact = eventFact({ name: 'view_item', city: 'Berlin' });
  foldFunnel(
    { ...fact, session: { ...fact.session, reached: [{ funnel: 'shop', stages: ['visit', 'view'] }] } },
    writes,
  );
  expect(sumsOf(writes, closedFunnel, 'shop')).toEqual({ visit: 1, 'visit|Pune': 1, view: 1, 'view|Pune': 1 });
});
