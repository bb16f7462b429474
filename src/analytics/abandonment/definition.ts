import type { Definition } from '../../metrics/definition.ts';
import type { Fact } from '../../metrics/facts.ts';
import { family } from '../../metrics/family.ts';
import { inCurrency } from '../../metrics/fields.ts';
import { durationBucket } from '../../metrics/histogram.ts';
import type { Writes } from '../../metrics/writes.ts';

export const cartCounts = family({
  name: 'abandonment',
  kind: 'counter',
  windows: ['hour', 'day'],
  dimensions: [],
  cap: 10_000,
  description: 'carts by how they ended, in the hour and city in which they opened; values by currency in minor units',
});

export const recoveryTimes = family({
  name: 'recovery-times',
  kind: 'counter',
  windows: ['hour', 'day'],
  dimensions: [],
  description: 'how long abandoned carts took to be bought, as a histogram, by the hour in which they opened',
});

function foldAbandonment(fact: Fact, writes: Writes): void {
  if (fact.kind !== 'cart') return;
  const count = (metric: string, by = 1): void => writes.addInCity(cartCounts, fact.opened, metric, fact.city, by);
  count(fact.step);
  if (fact.step === 'abandoned' || fact.step === 'recovered')
    count(inCurrency(`${fact.step}_value`, fact.currency), fact.value);
  if (fact.step === 'abandoned') count(`abandoned_at:${fact.stage}`);
  if (fact.recoverySeconds !== undefined)
    writes.add(recoveryTimes, fact.opened, String(durationBucket(fact.recoverySeconds)));
}

export const abandonmentDefinition = {
  families: [cartCounts, recoveryTimes],
  fold: foldAbandonment,
} satisfies Definition;
