import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { RebuildOptions } from '../../src/app/upkeep/rebuild.ts';
import { contentsOf } from '../support/compare/contents.ts';
import { REES46 } from '../support/compare/duckdb.ts';
import { answersIn } from '../support/fakes/contents.ts';
import { Oracle } from '../support/oracle/oracle.ts';
import { startRedis, type TestRedis } from '../support/servers/redis-server.ts';
import { askBack, isTakenBack } from '../support/suites/taken-back.ts';
import { rebuildOf } from '../support/system/rebuilds.ts';
import { sendAll } from '../support/system/sending.ts';
import { type Json, startSystem, type TestSystem, unique } from '../support/system/system.ts';
import { simulated } from '../support/traffic/simulated.ts';

let redis: TestRedis;
const dirs: string[] = [];
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.close());
afterEach(() => {
  for (const dir of dirs.splice(0)) rmSync(dir, { recursive: true, force: true });
});

function environmentOf(): Record<string, string> {
  const dir = mkdtempSync(join(tmpdir(), 'cartpulse-archive-'));
  dirs.push(dir);
  return { KEY_PREFIX: unique(), DATA_DIR: dir, PARTITIONS: '2', LOG_RETENTION: '60d', DIMENSIONS: 'city,country' };
}

const stripped = (contents: Map<string, unknown>) =>
  Object.fromEntries([...contents].map(([key, value]) => [key.replace(/^:\d+:/, ''), value]));

/** Also unique users, where nobody had come with the import. */
const answers = async ({ prefix }: TestSystem) => stripped(answersIn(await contentsOf(redis.client, prefix)));

const OCTOBER = 'from=2019-10-01&to=2019-10-31';

async function errorsIn(system: TestSystem, dates: string): Promise<Json[]> {
  const { days } = await system.get(`/v1/accuracy?${dates}`);
  return days.flatMap(({ metrics }: Json) => metrics).filter(({ error_percent: error }: Json) => error > 0);
}

/** A shop in which an import was taken back, and another was not. */
async function shopWith(environment: Record<string, string>) {
  const shop = await startSystem(redis.url, environment, { archives: true });
  await shop.startCounting();
  const oracle = new Oracle(2);
  await sendAll(shop, simulated(600, oracle, 2));
  await shop.settled();
  const without = await answers(shop);
  const sent: Json = await (await shop.importFile('rees46', readFileSync(REES46))).json();
  await shop.settled();
  await askBack(shop, sent.import_id);
  await isTakenBack(shop, sent.import_id);
  return { shop, without };
}

test('rows of an import that was taken back count nowhere: the recount says what the answers say', async () => {
  const { shop, without } = await shopWith(environmentOf());
  expect(await answers(shop)).toEqual(without);
  const now = new Date();
  const today = now.toISOString().slice(0, 10);
  expect(await errorsIn(shop, `from=${today}&to=${today}`)).toEqual([]);
  const october: Json = await shop.get(`/v1/accuracy?${OCTOBER}`);
  const counted = october.days.flatMap(({ metrics }: Json) => metrics);
  expect(counted).toEqual([]);
  const again: Json = await (await shop.importFile('rees46', readFileSync(REES46))).json();
  expect(again.events).toBe(1_000);
  await shop.settled();
  expect(await errorsIn(shop, OCTOBER)).toEqual([]);
  const once: Json = await shop.get(`/v1/events/frequencies?${OCTOBER}`);
  expect(once.find(({ name }: Json) => name === 'view_item').count).toBe(987);
  await shop.close();
});

test.each<[string, Partial<RebuildOptions>, Record<string, string>]>([
  ['the log', {}, {}],
  ['the archive', { from: 'archive' }, {}],
  ['a log of other partitions', {}, { PARTITIONS: '3' }],
])(
  'a rebuild from %s leaves it out, and what took it back',
  async (_, options, changed) => {
    const environment = environmentOf();
    const { shop, without } = await shopWith(environment);
    await shop.close();
    expect(await rebuildOf(redis.url, { ...environment, ...changed }, options)).toEqual({ outcome: 'switched' });
    const after = await startSystem(redis.url, { ...environment, ...changed });
    expect(await answers(after)).toEqual(without);
    expect((await after.get(`/v1/engagement?${OCTOBER}`)).active_users).toBe(0);
    await after.close();
  },
  120_000,
);
