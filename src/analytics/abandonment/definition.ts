import type { Counting, Definition } from '../../metrics/definition.ts';
import { family } from '../../metrics/family.ts';
import { inCurrency } from '../../metrics/fields.ts';
import { durationBucket } from '../../metrics/histogram.ts';
import { NO_VALUE } from '../../metrics/sums/dimension-values.ts';
import type { Sums } from '../../metrics/sums/sums.ts';

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

function countCarts(sums: Sums): Counting {
  return {
    cart({ step, sign, opened, dimensions, currency, value, stage, recoverySeconds }) {
      const add = (metric: string, by = 1): void => opened.add(sums.counter(cartCounts, metric), dimensions, sign * by);
      add(step);
      if (step === 'abandoned' || step === 'recovered') add(inCurrency(`${step}_value`, currency), value);
      if (step === 'abandoned') add(`abandoned_at:${stage}`);
      if (recoverySeconds === undefined) return;
      opened.add(sums.counter(recoveryTimes, String(durationBucket(recoverySeconds))), NO_VALUE, sign);
    },
  };
}

export const abandonmentDefinition = {
  families: [cartCounts, recoveryTimes],
  count: countCarts,
} satisfies Definition;
