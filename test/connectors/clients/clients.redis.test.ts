import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startRedis, type TestRedis } from '../../support/servers/redis-server.ts';
import { type Listening, listeningSystem } from '../../support/system/listening.ts';
import type { Json } from '../../support/system/system.ts';
import { gtag, measurementProtocol, plain, rudder, type Sender, sdk, segment, versionOf } from './senders.ts';
import { SHOPS_LIST } from './visits.ts';

const TABLE = readFileSync(resolve(import.meta.dirname, '../../../docs/connect/README.md'), 'utf8');

/** What must be the same by whichever way it came; what hangs on moments and on the client itself is left out. */
const ANSWERS = [
  '/v1/funnel',
  '/v1/funnel?mode=open',
  '/v1/products?limit=100',
  '/v1/products/popular?by=revenue',
  '/v1/searches',
  '/v1/payments',
  '/v1/abandonment',
  '/v1/abandonment/items',
  '/v1/events/frequencies?limit=100',
];
const VISITORS = ['customer-0', 'guest-3'];

let redis: TestRedis;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.close());

const asked = async ({ system }: Listening, path: string): Promise<Json> => {
  const response = await system.request(path, { headers: { Authorization: 'Bearer ak' } });
  const body: Json = await response.json();
  expect([path, response.status]).toEqual([path, 200]);
  return body.data;
};

/** Ids of events, and moments, are the client's or the server's own. */
const withoutMoments = (value: Json): Json =>
  JSON.parse(JSON.stringify(value, (name, one) => (/^(event_id|timestamp|.*_at|.*_seconds)$/.test(name) ? 0 : one)));

async function answersOf(running: Listening): Promise<Json> {
  await running.system.settled();
  const answers: Json = {};
  for (const path of ANSWERS) answers[path] = withoutMoments(await asked(running, path));
  // Of one millisecond the ids, which are random, say which is listed first.
  for (const visitor of VISITORS) {
    const seen: Json[] = await asked(running, `/v1/users/${visitor}/interactions`);
    answers[visitor] = seen.map(({ name, item_id: item = '' }) => `${name} ${item}`).sort();
  }
  const { series: _, ...revenue } = await asked(running, '/v1/revenue');
  return { ...answers, revenue };
}

interface Client {
  readonly way: string;
  /** Of docs/connect, where admins see its requests. */
  readonly guide?: string;
  readonly tried: string;
  readonly sender: Sender;
  readonly key: string;
}

const CLIENTS: readonly Client[] = [
  {
    way: 'Segment',
    guide: 'segment',
    tried: `@segment/analytics-node ${versionOf('@segment/analytics-node')}`,
    sender: segment,
    key: 'wk',
  },
  {
    way: 'RudderStack',
    guide: 'segment',
    tried: `@rudderstack/rudder-sdk-node ${versionOf('@rudderstack/rudder-sdk-node')}`,
    sender: rudder,
    key: 'wk',
  },
  { way: 'gtag', guide: 'gtag', tried: 'its wire form, several events a body', sender: gtag, key: 'pk_shop' },
  {
    way: 'Measurement Protocol',
    guide: 'measurement-protocol',
    tried: 'its JSON, by `fetch`',
    sender: measurementProtocol,
    key: 'wk',
  },
  { way: 'Package', tried: '`sdk/`, in Node', sender: sdk, key: 'wk' },
];

describe('the same visitors of a shop, sent by each client', () => {
  let expected: Json;
  beforeAll(async () => {
    const running = await listeningSystem(redis.url);
    await plain(running.url, 'wk');
    expected = await answersOf(running);
    await running.stop();
  });

  test('are those of the shop’s own list', () => {
    const cents = SHOPS_LIST.reduce((sum, { value }) => sum + Math.round(value * 100), 0);
    expect(expected.revenue).toMatchObject({ orders: SHOPS_LIST.length, revenue: cents / 100 });
  });

  test.each(CLIENTS)(
    '$way: every answer is the same, and the table in the documents says what became of the events',
    async ({ way, guide, tried, sender, key }) => {
      const running = await listeningSystem(redis.url);
      try {
        const events = await sender(running.url, key);
        const answers = await answersOf(running);
        expect(answers).toEqual(expected);
        const pipeline: Json = await asked(running, '/v1/pipeline');
        const repaired = Object.values<number>(pipeline.repairs).reduce((sum, n) => sum + n, 0);
        const refused = 1;
        expect([pipeline.events, pipeline.duplicates, pipeline.bots]).toEqual([events - refused, 0, 0]);
        const noted: Json[] = guide === undefined ? [] : await asked(running, `/v1/connect/${guide}`);
        const told = noted.filter((one) => one.refused === 1 && one.rejected[0].path === 'transaction_id');
        expect(told).toHaveLength(guide === undefined ? 0 : 1);
        const row = TABLE.split('\n').find((line) => line.startsWith(`| ${way} |`));
        expect(row).toBe(`| ${way} | ${tried} | ${events} | ${pipeline.events} | ${repaired} | ${refused} | yes |`);
      } finally {
        await running.stop();
      }
    },
  );
});
