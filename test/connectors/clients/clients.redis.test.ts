import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startRedis, type TestRedis } from '../../support/servers/redis-server.ts';
import type { Json } from '../../support/system/system.ts';
import { gtag, measurementProtocol, rudder, sdk, segment } from './senders.ts';
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
});
