import type { Fact } from '../facts.ts';
import { inCity } from '../fields.ts';
import type { Writes } from '../writes.ts';
import { cityScores } from './keys.ts';

/** What an event adds to its city's engagement score. */
const SCORES: ReadonlyMap<string, number> = new Map([
  ['view_item', 1],
  ['add_to_cart', 3],
  ['begin_checkout', 5],
  ['purchase', 10],
]);

export function foldCities(fact: Fact, writes: Writes): void {
  if (fact.kind !== 'event') return;
  const { event, at } = fact;
  writes.add(cityScores, at, inCity('score', event.city), SCORES.get(event.name) ?? 0);
}
