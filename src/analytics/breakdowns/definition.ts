import type { Counting, Definition } from '../../metrics/definition.ts';
import { family } from '../../metrics/family.ts';
import type { Sums } from '../../metrics/sums/sums.ts';

export const valueScores = family({
  name: 'scores',
  kind: 'counter',
  windows: ['hour', 'day'],
  dimensions: [],
  cap: 10_000,
  description: 'engagement score by dimension value',
});

/** What an event adds to its dimension values' engagement scores. */
const SCORES: ReadonlyMap<string, number> = new Map([
  ['view_item', 1],
  ['add_to_cart', 3],
  ['begin_checkout', 5],
  ['purchase', 10],
]);

function countScores(sums: Sums): Counting {
  const score = sums.counterByValue(valueScores, 'score');
  const of = (name: string): number => SCORES.get(name) ?? 0;
  return {
    event: ({ name, hour, dimensions }) => hour.add(score, dimensions, of(name)),
    orderRecount: ({ hour, dimensions, sign }) => hour.add(score, dimensions, sign * of('purchase')),
  };
}

export const breakdownsDefinition = { families: [valueScores], count: countScores } satisfies Definition;
