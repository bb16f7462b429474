import { expect, test } from 'vitest';
import {
  searchClicks,
  searchCounts,
  searchesDefinition,
  searchMisses,
} from '../../../src/analytics/searches/definition.ts';
import { foldTerm } from '../../../src/events/search-term.ts';
import { Writes } from '../../../src/metrics/writes.ts';
import { Calendar } from '../../../src/time/calendar.ts';
import { eventFact, sumsOf } from '../../support/core/facts.ts';

test.each([
  ['  Blue   Mug ', 'blue mug'],
  ['BLUE\tMUG', 'blue mug'],
  ['   ', ''],
])('%j is counted as %j', (written, counted) => {
  expect(foldTerm(written)).toBe(counted);
});

test('a search without results is one that says so; without a term it counts nowhere', () => {
  const writes = new Writes();
  const search = (searchTerm: string, resultsCount?: number) =>
    searchesDefinition.fold(eventFact({ name: 'search', searchTerm, resultsCount }), writes);
  search('mug', 0);
  search('mug', 3);
  search('mug');
  search('', 0);
  expect(sumsOf(writes, searchCounts)).toEqual({ mug: 3 });
  expect(sumsOf(writes, searchMisses)).toEqual({ mug: 1 });
});

test('a click counts in the hour of its search', () => {
  const writes = new Writes();
  const at = new Calendar('UTC').at(Date.parse('2026-11-20T13:50:00Z'));
  const fact = eventFact({ name: 'view_item' });
  searchesDefinition.fold({ ...fact, session: { ...fact.session, followed: [{ term: 'mug', at, count: 2 }] } }, writes);
  expect([...(writes.sums.get(searchClicks)?.get('')?.keys() ?? [])].map(({ hour }) => hour)).toEqual([
    '2026-11-20T13',
  ]);
  expect(sumsOf(writes, searchClicks)).toEqual({ mug: 2 });
});
