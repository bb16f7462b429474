import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startRedis, type TestRedis } from '../../support/servers/redis-server.ts';
import type { Json } from '../../support/system/system.ts';
import { gtag, measurementProtocol, plain, rudder, sdk, segment } from './senders.ts';
import type { Sender } from './steps.ts';
import { type Client, plainAnswers, released, tryClient } from './tried.ts';
import { SHOPS_LIST } from './visits.ts';

let redis: TestRedis;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.close());

const CLIENTS: readonly Client[] = [
  { way: 'Segment', guide: 'segment', tried: released('@segment/analytics-node'), sender: segment, key: 'wk' },
  { way: 'RudderStack', guide: 'segment', tried: released('@rudderstack/rudder-sdk-node'), sender: rudder, key: 'wk' },
  { way: 'gtag', guide: 'gtag', tried: 'its recorded wire form', sender: gtag, key: 'pk_shop' },
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
    expected = await plainAnswers(redis.url);
  });

  test('are those of the shop’s own list', () => {
    const cents = SHOPS_LIST.reduce((sum, { value }) => sum + Math.round(value * 100), 0);
    expect(expected.revenue).toMatchObject({ orders: SHOPS_LIST.length, revenue: cents / 100 });
  });

  test.each(CLIENTS)(
    '$way: every answer is the same, and the table in the documents says what became of the events',
    (client) => tryClient(redis.url, client, expected),
  );

  test('a client that sends one view more than happened is found out', async () => {
    const sender: Sender = async (url, key) => {
      const body = JSON.stringify({ name: 'view_item', anonymous_id: 'guest-3', items: [{ item_id: 'sku-1' }] });
      const headers = { 'Content-Type': 'application/json', Authorization: `Bearer ${key}` };
      await fetch(`${url}/v1/events`, { method: 'POST', body, headers });
      return plain(url, key);
    };
    const client = { way: 'Package', tried: '`sdk/`, in Node', sender, key: 'wk' };
    await expect(tryClient(redis.url, client, expected)).rejects.toThrow('to deeply equal');
  });
});
