import { expect, test } from 'vitest';
import { closedFunnel, conversionTimes, funnelDefinition } from '../../../src/analytics/funnel/definition.ts';
import { durationBucket, histogramOf, quantile } from '../../../src/metrics/histogram.ts';
import { CountOf } from '../../support/core/facts.ts';

test('how long it took counts from the stage before; the first stage has none, stages reached together took no time', () => {
  const count = new CountOf(funnelDefinition);
  const reach = (stages: string[], seconds: number | undefined) =>
    count.event({ name: 'view_item' }, { session: { reached: [{ funnel: 'shop', stages, seconds }] } });
  reach(['visit', 'view'], undefined);
  reach(['cart'], 90);
  expect(count.of(conversionTimes, 'shop')).toEqual({ 'view:0': 1, [`cart:${durationBucket(90)}`]: 1 });
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

test('a session counts at each stage that it reaches, for all cities and for its own', () => {
  const reached = [{ funnel: 'shop', stages: ['visit', 'view'], seconds: undefined }];
  const count = new CountOf(funnelDefinition).event({ name: 'view_item', city: 'Berlin' }, { session: { reached } });
  expect(count.of(closedFunnel, 'shop')).toEqual({ visit: 1, 'visit|Berlin': 1, view: 1, 'view|Berlin': 1 });
});
