import { expect, test } from 'vitest';
import {
  searchClicks,
  searchCounts,
  searchesDefinition,
  searchMisses,
} from '../../../src/analytics/searches/definition.ts';
import { countedTerm } from '../../../src/events/search-term.ts';
import { Calendar } from '../../../src/time/calendar.ts';
import { CountOf } from '../../support/core/facts.ts';
import { allSums } from '../../support/core/sums.ts';

test.each([
  ['  Blue   Mug ', 'blue mug'],
  ['BLUE\tMUG', 'blue mug'],
  ['   ', ''],
  ['mug for Anna@Shop.example, blue', '(personal)'],
  ['@home mugs 2.5', '@home mugs 2.5'],
  ['u1', '(personal)'],
  ['U1 mug', 'u1 mug'],
])('%j is counted as %j', (written, counted) => {
  expect(countedTerm(written, 'u1')).toBe(counted);
});

test.each([
  ['order of Customer-7 from may', '(personal)'],
  ['customer-7', '(personal)'],
  ['customer-71 and customer-7', '(personal)'],
  ['customer-71', 'customer-71'],
  ['mycustomer-7', 'mycustomer-7'],
  ['customer 7', 'customer 7'],
])('%j of the visitor customer-7 is counted as %j', (written, counted) => {
  expect(countedTerm(written, 'customer-7')).toBe(counted);
});

test('a search without results is one that says so; without a term it counts nowhere', () => {
  const count = new CountOf(searchesDefinition);
  const search = (searchTerm: string, resultsCount?: number) =>
    count.event({ name: 'search', searchTerm, resultsCount });
  search('mug', 0);
  search('mug', 3);
  search('mug');
  search('', 0);
  expect(count.of(searchCounts)).toEqual({ mug: 3 });
  expect(count.of(searchMisses)).toEqual({ mug: 1 });
});

test('a click counts in the hour of its search', () => {
  const count = new CountOf(searchesDefinition);
  const hour = count.sums.hour(new Calendar('UTC').at(Date.parse('2026-11-20T13:50:00Z')));
  const term = count.sums.dictionaries.terms.ofText('mug');
  count.event({ name: 'view_item' }, { session: { followed: [{ term, hour, count: 2 }] } });
  const clicks = allSums(count.sums).filter(({ family }) => family === searchClicks);
  expect(clicks.map(({ time }) => time.hour)).toEqual(['2026-11-20T13']);
  expect(count.of(searchClicks)).toEqual({ mug: 2 });
});
