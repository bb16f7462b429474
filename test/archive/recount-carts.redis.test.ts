import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { Oracle } from '../support/oracle/oracle.ts';
import { startRedis, type TestRedis } from '../support/servers/redis-server.ts';
import { sendAll } from '../support/system/sending.ts';
import { type Json, startSystem, type TestSystem } from '../support/system/system.ts';
import { simulated } from '../support/traffic/simulated.ts';

const DAY_MS = 86_400_000;

let redis: TestRedis;
const shops: TestSystem[] = [];

beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.close());
afterEach(async () => {
  for (const shop of shops.splice(0)) await shop.close();
});

async function started(environment: Readonly<Record<string, string>> = {}): Promise<TestSystem> {
  const settings = { PARTITIONS: '2', LOG_RETENTION: '60d', EXPLORE_TIMEOUT: '5m', ...environment };
  const shop = await startSystem(redis.url, settings, { archives: true });
  shops.push(shop);
  await shop.startCounting();
  return shop;
}

/** Of carts: what is recounted, and what of it is not as the answers have it. */
async function ofCarts(shop: TestSystem, query: string): Promise<{ metrics: string[]; off: Json[] }> {
  const { days } = await shop.get(`/v1/accuracy?${query}`);
  expect(days.flatMap(({ left_out }: Json) => left_out)).toEqual([]);
  const all: Json[] = days.flatMap(({ date, metrics }: Json) => metrics.map((one: Json) => ({ date, ...one })));
  const carts = all.filter(({ metric }) => metric.startsWith('carts '));
  const metrics = [...new Set(carts.map(({ metric }) => metric))];
  return { metrics, off: carts.filter(({ error_percent: error }) => error !== 0) };
}

const dateOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

test.each([[{}], [{ CART_TIMEOUT: '10m' }]])(
  'carts of a simulated shop and of an imported file are recounted as the answers have them, and a wrong answer is shown (%o)',
  { timeout: 300_000 },
  async (environment) => {
    const shop = await started(environment);
    const events = simulated(1_500, new Oracle(2), 2);
    for (let from = 0; from < events.length; from += 500) await sendAll(shop, events.slice(from, from + 500));
    expect((await shop.importFile('rees46', readFileSync('test/data/rees46-2019-10-sample.csv'))).status).toBe(200);
    await shop.settled();
    const since = `from=${dateOf(Date.now() - 4 * DAY_MS)}`;
    for (const period of [since, 'from=2019-10-01&to=2019-10-31']) {
      const { metrics, off } = await ofCarts(shop, period);
      expect(off).toEqual([]);
      expect(metrics).toContain('carts opened');
      expect(metrics).toContain('carts abandoned value USD');
    }
    const [key = ''] = (
      await redis.client.keys(`${shop.prefix}:*abandonment*${dateOf(Date.parse('2019-10-01'))}*`)
    ).filter((one) => /abandonment::?2019-10-01$/.test(one));
    await redis.client.hincrby(key, 'abandoned', 3);
    const { off } = await ofCarts(shop, 'from=2019-10-01&to=2019-10-31');
    expect(off).toMatchObject([{ date: '2019-10-01', metric: 'carts abandoned' }]);
    expect(off[0].stream).toBe(off[0].batch + 3);
  },
);
