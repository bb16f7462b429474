import { expect, test } from 'vitest';
import { routeNames } from '../../../src/http/operations/measure-requests.ts';
import { appOf } from '../app-parts.ts';

const OUTCOMES = [
  'events',
  'rejected',
  'ignored',
  'bots',
  'duplicates',
  'wrong_partition',
  'unknown_refunds',
  'refunds_beyond',
  'missing',
  'saturated',
];

/** A pipeline that has counted so much of each. */
const monitorOf = (tallies: () => Map<string, number>) => ({
  check: async () => ({
    lag: 0,
    partitions: [],
    tallies: tallies(),
    outbox: { waiting: 0, paused: [] },
    asOfMs: 0,
  }),
  asOf: async () => 0,
  eventsPerSecond: () => 0,
  freshness: () => ({ p50: null, p99: null }),
});

test('events by what became of them are counters, each there from the first moment on, and right at every reading', async () => {
  let duplicates = 0;
  const counted = (): Map<string, number> =>
    new Map<string, number>(
      duplicates === 0
        ? []
        : [
            ['duplicates', duplicates],
            ['repair:null', 5],
          ],
    );
  const app = appOf([], { monitor: monitorOf(counted) });
  const read = async (): Promise<string> => (await app.request('/metrics')).text();
  const first = await read();
  expect(first).toContain('# TYPE cartpulse_events_total counter');
  for (const outcome of OUTCOMES) expect(first).toContain(`cartpulse_events_total{outcome="${outcome}"} 0`);
  expect(first).toContain('cartpulse_repairs_total{rule="null"} 0');
  duplicates = 3;
  for (let i = 0; i < 2; i++) {
    const text = await read();
    expect(text).toContain('cartpulse_events_total{outcome="duplicates"} 3');
    expect(text).toContain('cartpulse_repairs_total{rule="null"} 5');
  }
});

test('while a server is away that is told, with what the process measures of itself; the rest is left out', async () => {
  const away = { name: 'redis', check: () => Promise.reject(new Error('away')) };
  const app = appOf([], { checks: [away, { name: 'kafka', check: async () => undefined }] });
  const response = await app.request('/metrics');
  expect(response.status).toBe(200);
  const text = await response.text();
  expect(text).toContain('cartpulse_dependency_up{dependency="redis"} 0');
  expect(text).toContain('cartpulse_dependency_up{dependency="kafka"} 1');
  expect(text).toMatch(/^cartpulse_dependency_answer_seconds\{dependency="kafka"\} 0?\.?\d/m);
  expect(text).not.toContain('cartpulse_dependency_answer_seconds{dependency="redis"}');
  expect(text).toMatch(/^process_resident_memory_bytes \d/m);
  expect(text).not.toContain('cartpulse_lag_events');
});

test('names are as Prometheus wants them: of counters with _total, with units in seconds, bytes or ratios', async () => {
  const text = await (await appOf([], { monitor: monitorOf(() => new Map()) }).request('/metrics')).text();
  const types = [...text.matchAll(/^# TYPE (cartpulse_\w+) (\w+)$/gm)];
  expect(types.length).toBeGreaterThan(10);
  for (const [, name = '', type] of types) {
    expect([name, name.endsWith('_total')]).toEqual([name, type === 'counter']);
    expect(name).not.toMatch(/_(ms|milliseconds|mb|kb|minutes|percent)$/);
    if (type === 'histogram') expect(name).toMatch(/_seconds$/);
  }
});

test('routes are named as they are written, and what no route answers alike, so that strangers make no time series', () => {
  const nameOf = routeNames(appOf().routes);
  expect(nameOf('/v1/events')).toBe('/v1/events');
  expect(nameOf('/v1/users/somebody')).toBe('/v1/users/:user_id');
  expect(nameOf('/health/ready')).toBe('/health/ready');
  expect(nameOf('/wp-admin.php')).toBe(nameOf('/v1/nothing/of/that'));
});
