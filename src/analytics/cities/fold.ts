import type { Fact } from '../facts.ts';
import { inCity, inCurrency } from '../fields.ts';
import type { Writes } from '../writes.ts';
import { cityCounts } from './keys.ts';

/** What an event adds to its city's engagement score. */
const SCORES: ReadonlyMap<string, number> = new Map([
  ['view_item', 1],
  ['add_to_cart', 3],
  ['begin_checkout', 5],
  ['purchase', 10],
]);

export function foldCities(fact: Fact, writes: Writes): void {
  if (fact.kind !== 'event') return;
  const { event, at, session, order } = fact;
  writes.add(cityCounts, at, inCity('events', event.city));
  writes.add(cityCounts, at, inCity('score', event.city), SCORES.get(event.name) ?? 0);
  if (session.events === 1) writes.add(cityCounts, session.began, inCity('sessions', session.city));
  if (event.name === 'purchase') {
    writes.add(cityCounts, at, inCity('orders', event.city));
    writes.add(cityCounts, at, inCity(inCurrency('revenue', event.currency), event.city), order?.revenue ?? 0);
  }
}
