import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../../docker/free-port.ts';
import { startProcess, type TestProcess } from '../support/system/processes.ts';
import { eventually, type Json } from '../support/system/system.ts';

let dataDir: string;
let port: number;
let running: TestProcess;
beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'cartpulse-demo-'));
  port = await freePort();
  running = await begin();
});
afterAll(async () => {
  await running.kill('SIGTERM');
  rmSync(dataDir, { recursive: true, force: true });
});

async function begin(settings: Readonly<Record<string, string>> = {}): Promise<TestProcess> {
  const one = startProcess('build/main.js', [], { DATA_DIR: dataDir, PORT: String(port), ...settings });
  await eventually('the line that says what runs where', () => one.output().includes('cartpulse: '), 60_000);
  return one;
}

const ask = (path: string, init: RequestInit = {}): Promise<Response> =>
  fetch(`http://127.0.0.1:${port}${path}`, { headers: { 'Content-Type': 'application/json' }, ...init });
const get = async (path: string): Promise<Json> => {
  const { data }: Json = await (await ask(path)).json();
  return data;
};
const day = (back: number): string => new Date(Date.now() - back * 86_400_000).toISOString().slice(0, 10);
const month = `from=${day(30)}&to=${day(0)}`;
const events = async (): Promise<number> =>
  (await get(`/v1/events/frequencies?${month}&limit=100`)).reduce((sum: number, { count }: Json) => sum + count, 0);

test('a first look has a past, which the first line says', { timeout: 300_000 }, async () => {
  expect(running.output().trim().split('\n')).toHaveLength(1);
  expect(running.output()).toContain('simulating 50 events/s and the 30 days before (SIMULATE=0 turns it off)');
  const daysSold = async (): Promise<number> => {
    const { series }: Json = await get(`/v1/revenue?${month}&interval=day`);
    return series.filter(({ orders }: Json) => orders > 0).length;
  };
  await eventually('a past', async () => (await daysSold()) >= 25, 240_000);
});

test('where it no longer runs its events are still said to be in the numbers, and are taken back as well', {
  timeout: 180_000,
}, async () => {
  expect(await get('/v1/demo')).toEqual({ running: true, counted: true, can_end: true });
  await running.kill('SIGTERM');
  running = await begin({ SIMULATE: '0' });
  expect(running.output()).not.toContain('simulating');
  expect(await get('/v1/demo')).toEqual({ running: false, counted: true, can_end: true });
  expect(await events()).toBeGreaterThan(1_000);
});

test('the simulated shop is taken back whole, and what was set up beside it stays', { timeout: 180_000 }, async () => {
  const key = { name: 'shop', kind: 'publishable', origins: ['https://shop.example'] };
  expect((await ask('/v1/keys', { method: 'POST', body: JSON.stringify(key) })).status).toBe(201);
  const note = { at: day(3), text: 'A new window' };
  expect((await ask('/v1/notes', { method: 'POST', body: JSON.stringify(note) })).status).toBe(201);
  expect((await ask('/v1/demo', { method: 'DELETE' })).status).toBe(204);
  await eventually('an empty shop', async () => (await get('/v1/demo').catch(() => undefined))?.counted === false);
  expect(await events()).toBe(0);
  expect((await get(`/v1/revenue?${month}&interval=day`)).revenue).toBe(0);
  expect(await get(`/v1/products?${month}`)).toEqual([]);
  expect(await get(`/v1/abandonment/carts?from=${day(6)}&to=${day(0)}`)).toEqual([]);
  expect((await get('/v1/keys')).map(({ name }: Json) => name)).toEqual(['shop']);
  expect((await get('/v1/notes')).map(({ text }: Json) => text)).toEqual(['A new window']);
  expect((await ask('/v1/demo', { method: 'DELETE' })).status).toBe(404);
  // It counts what comes now, and nothing else.
  const own = { name: 'view_item', user_id: 'me', items: [{ item_id: 'mine', price: 3 }] };
  expect((await ask('/v1/events', { method: 'POST', body: JSON.stringify(own) })).status).toBe(202);
  await eventually('my event', async () => (await events()) === 1);
});

test('it does not begin again by itself', { timeout: 120_000 }, async () => {
  expect(await running.kill('SIGTERM')).toBe(0);
  running = await begin();
  expect(running.output()).not.toContain('simulating');
  await eventually('what was counted', async () => (await events()) === 1);
});

test('one that was asked for by its setting is said to be in the numbers as well, and is ended like it', {
  timeout: 120_000,
}, async () => {
  await running.kill('SIGTERM');
  rmSync(dataDir, { recursive: true, force: true });
  running = await begin({ SIMULATE: '20' });
  expect(running.output()).toContain('simulating 20 events/s (SIMULATE=0 turns it off)');
  expect(await get('/v1/demo')).toEqual({ running: true, counted: true, can_end: true });
  expect((await ask('/v1/demo', { method: 'DELETE' })).status).toBe(204);
  await eventually('an empty shop', async () => (await get('/v1/demo').catch(() => undefined))?.counted === false);
  expect(await events()).toBe(0);
});
