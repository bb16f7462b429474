import { join } from 'node:path';
import { expect, test } from 'vitest';
import { RedisRollupStore } from '../../src/adapters/redis/rollup/rollup-store.ts';
import { freePort } from '../../src/adapters/redis/server/free-port.ts';
import { BUILT_IN_FUNNELS } from '../../src/analytics/funnel/funnel.ts';
import { Keyspace } from '../../src/metrics/keyspace.ts';
import { rollUp } from '../../src/rollups/roll-up.ts';
import { Calendar } from '../../src/time/calendar.ts';
import { report } from '../support/chaos.ts';
import { startProcess } from '../support/processes.ts';
import { startRedis } from '../support/redis-server.ts';
import { eventually, type Json, startSystem } from '../support/system.ts';
import { mountSmallDisk } from '../support/tmpfs.ts';

const HOUR = 3_600_000;

/** Posts until nothing is taken any more. @returns how many events were accepted */
async function fill(post: (events: unknown) => Promise<Response>): Promise<{ accepted: number; refusal: Response }> {
  let accepted = 0;
  for (let batch = 0; batch < 2_000; batch++) {
    const events = Array.from({ length: 500 }, (_, i) => ({
      event_id: `${batch}-${i}`,
      name: 'view_item',
      user_id: `user-${batch}-${i}`,
      city: `city-${i}`,
      timestamp: Date.now() - (batch % 20) * HOUR,
      items: [{ item_id: `item-${i}` }],
    }));
    const response = await post(events);
    if (response.status !== 202) return { accepted, refusal: response };
    const body: Json = await response.json();
    accepted += body.accepted;
    if (body.rejected.length > 0) return { accepted, refusal: await post(events.slice(0, 1)) };
  }
  throw new Error('it never filled up');
}

async function expectRefusal(response: Response): Promise<void> {
  expect(response.status).toBe(503);
  expect(Number(response.headers.get('Retry-After'))).toBeGreaterThan(0);
  expect(response.headers.get('Content-Type')).toContain('application/problem+json');
}

test('Redis near its maxmemory: ingestion stops, answers and rollups go on, and all goes on by itself when there is room', {
  timeout: 180_000,
}, async () => {
  const redis = await startRedis(['--save', '', '--appendonly', 'no', '--maxmemory', '48mb']);
  const system = await startSystem(redis.url, { PARTITIONS: '2', INTERACTIONS_PER_USER: '5' });
  await system.startCounting();
  const { accepted, refusal } = await fill(system.post);
  expect(accepted).toBeGreaterThan(2_000);
  await expectRefusal(refusal);
  // At the mark it comes and goes: what a batch took is given back.
  const isShown = async () => /^Redis uses \d+ % of its maxmemory$/.test((await system.get('/v1/pipeline')).store_full);
  await eventually('it to be shown', isShown);
  expect((await system.get('/v1/events/frequencies'))[0].name).toBe('view_item');
  const store = new RedisRollupStore(redis.client, new Keyspace(system.prefix, 1, 1), {
    hourlyDays: 8,
    dailyDays: 400,
    caps: new Map(),
  });
  const parts = { store, calendar: new Calendar('UTC'), funnels: BUILT_IN_FUNNELS, now: () => Date.now() };
  expect((await rollUp(parts)).hours).toBeGreaterThan(10);

  await redis.client.config('SET', 'maxmemory', '0');
  await eventually('there to be room', async () => (await system.get('/v1/pipeline')).store_full === null);
  expect((await system.post({ name: 'view_item', user_id: 'last' })).status).toBe(202);
  await system.settled();
  const { events, rejected } = await system.get('/v1/pipeline');
  expect({ events, rejected }).toEqual({ events: accepted + 1, rejected: 0 });
  report('memory-full', { accepted, lost: accepted + 1 - events });
  await system.close();
  await redis.close();
});

test('the disk under the embedded Redis near full: the same, and a restart finds all that was acknowledged', {
  timeout: 180_000,
}, async () => {
  const disk = mountSmallDisk(96);
  const port = await freePort();
  const environment = { DATA_DIR: join(disk.dir, 'data'), PORT: String(port), PARTITIONS: '2', LOG_LEVEL: 'error' };
  const start = () => startProcess('build/main.js', ['api', 'consume', 'rollup'], environment);
  const ask = (path: string) => fetch(`http://127.0.0.1:${port}${path}`);
  const pipeline = async (): Promise<Json> => ((await (await ask('/v1/pipeline')).json()) as Json).data;
  const post = (events: unknown) =>
    fetch(`http://127.0.0.1:${port}/v1/events`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(events),
    });
  let running = start();
  await eventually('it to start', () => running.output().includes('cartpulse:'));
  disk.ballast.put(56);
  const { accepted, refusal } = await fill(post);
  expect(accepted).toBeGreaterThan(2_000);
  await expectRefusal(refusal);
  await eventually('it to be shown', async () => /MB left$/.test((await pipeline()).store_full ?? ''));
  expect((await ask('/v1/events/frequencies')).status).toBe(200);
  disk.ballast.remove();
  await eventually('there to be room', async () => (await pipeline()).store_full === null);
  expect((await post({ name: 'view_item', user_id: 'last' })).status).toBe(202);
  await eventually('all to be counted', async () => (await pipeline()).lag_events === 0);
  expect((await pipeline()).events).toBe(accepted + 1);
  expect(await running.kill('SIGTERM')).toBe(0);
  running = start();
  await eventually('it to start again', () => running.output().includes('cartpulse:'));
  const { events } = await pipeline();
  expect(events).toBe(accepted + 1);
  report('disk-full', { accepted, lost: accepted + 1 - events });
  expect(await running.kill('SIGINT')).toBe(0);
  disk.unmount();
});
