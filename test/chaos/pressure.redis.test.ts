import { join } from 'node:path';
import { expect, test } from 'vitest';
import { freePort } from '../../docker/free-port.ts';
import { report } from '../support/runner/chaos.ts';
import { mountSmallDisk } from '../support/servers/tmpfs.ts';
import { expectRefusal, fill, fillMemory } from '../support/suites/full-store.ts';
import { startProcess } from '../support/system/processes.ts';
import { eventually, type Json } from '../support/system/system.ts';

test('Redis near its maxmemory: ingestion stops, answers and rollups go on, and all goes on by itself when there is room', {
  timeout: 180_000,
}, async () => {
  report('memory-full', await fillMemory(48));
});

test('the disk under the embedded Redis near full: the same, and a restart finds all that was acknowledged', {
  timeout: 180_000,
}, async () => {
  // What waits when the disk is full needs several times its size to be counted.
  const disk = mountSmallDisk(256);
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
  disk.ballast.put(216);
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
