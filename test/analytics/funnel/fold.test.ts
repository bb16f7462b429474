import { expect, test } from 'vitest';
import { foldFunnel } from '../../../src/analytics/funnel/fold.ts';
import { conversionTimes } from '../../../src/analytics/funnel/keys.ts';
import { durationBucket, histogramOf, quantile } from '../../../src/analytics/histogram.ts';
import { Writes } from '../../../src/analytics/writes.ts';
import { eventFact, sumsOf } from '../../support/facts.ts';

test('how long it took counts from the stage before; the first stage has none, stages reached together took no time', () => {
  const writes = new Writes();
  const fact = eventFact({ name: 'view_item' });
  const reach = (stages: string[], seconds: number | undefined) =>
    foldFunnel({ ...fact, session: { ...fact.session, reached: [{ funnel: 'shop', stages, seconds }] } }, writes);
  reach(['visit', 'view'], undefined);
  reach(['cart'], 90);
  expect(sumsOf(writes, conversionTimes, 'shop')).toEqual({ 'view:0': 1, [`cart:${durationBucket(90)}`]: 1 });
});

test('a quantile of the histogram is right within 10 %, to a tenth of a second', () => {
  for (const seconds of [2, 7, 60, 333, 3_600, 86_399]) {
    const counts = new Map([[`x:${durationBucket(seconds)}`, 4]]);
    const found = quantile(histogramOf(counts, 'x:'), 0.5) ?? 0;
    expect(Math.abs(found - seconds) / seconds).toBeLessThan(0.11);
  }
  expect(quantile([0, 0], 0.5)).toBeNull();
  expect(
    quantile(
      histogramOf(
        new Map([
          ['x:0', 9],
          [`x:${durationBucket(100)}`, 1],
        ]),
        'x:',
      ),
      0.9,
    ),
  ).toBe(0);
});
