import { expect, test } from 'vitest';
import { appOf } from '../app-parts.ts';

test('events by what became of them are counters, each there from the first moment on, and right at every reading', async () => {
  let duplicates = 0;
  const app = appOf([], {
    monitor: {
      check: async () => ({
        lag: 0,
        partitions: [],
        tallies: new Map(duplicates === 0 ? [] : [['duplicates', duplicates]]),
        outbox: { waiting: 0, paused: [] },
        asOfMs: 0,
      }),
      asOf: async () => 0,
      eventsPerSecond: () => 0,
      freshness: () => ({ p50: null, p99: null }),
    },
  });
  const read = async (): Promise<string> => (await app.request('/metrics')).text();
  const first = await read();
  expect(first).toContain('# TYPE cartpulse_events_total counter');
  for (const outcome of [
    'events',
    'rejected',
    'duplicates',
    'wrong_partition',
    'unknown_refunds',
    'refunds_beyond',
    'missing',
    'saturated',
  ])
    expect(first).toContain(`cartpulse_events_total{outcome="${outcome}"} 0`);
  duplicates = 3;
  for (let i = 0; i < 2; i++) expect(await read()).toContain('cartpulse_events_total{outcome="duplicates"} 3');
});
