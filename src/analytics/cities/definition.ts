import type { Definition } from '../../metrics/definition.ts';
import type { Fact } from '../../metrics/facts.ts';
import { family } from '../../metrics/family.ts';
import { inCity } from '../../metrics/fields.ts';
import type { Writes } from '../../metrics/writes.ts';

export const cityScores = family({
  name: 'cities',
  kind: 'counter',
  windows: ['hour', 'day'],
  dimensions: [],
  cap: 10_000,
  description: 'engagement score by city',
});

/** What an event adds to its city's engagement score. */
const SCORES: ReadonlyMap<string, number> = new Map([
  ['view_item', 1],
  ['add_to_cart', 3],
  ['begin_checkout', 5],
  ['purchase', 10],
]);

function foldCities(fact: Fact, writes: Writes): void {
  if (fact.kind !== 'event') return;
  const { event, at } = fact;
  writes.add(cityScores, at, inCity('score', event.city), SCORES.get(event.name) ?? 0);
}

export const citiesDefinition = { families: [cityScores], fold: foldCities } satisfies Definition;
