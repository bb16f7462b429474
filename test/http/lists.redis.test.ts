import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectors } from '../../src/connectors/index.ts';
import { startRedis, type TestRedis } from '../support/servers/redis-server.ts';
import { eventually, type Json, startSystem, type TestSystem } from '../support/system/system.ts';

const MINUTE_MS = 60_000;
const json = { 'Content-Type': 'application/json' };
const ids = [1, 2, 3, 4, 5];
/** What other systems' clients add to their addresses is theirs. */
const FOREIGN = new Set(connectors.flatMap(({ endpoints }) => endpoints.map(({ path }) => path)));

/** Five of everything that is listed. */
function events(): Json[] {
  const at = Date.now() - 30 * MINUTE_MS;
  const each = (i: number): Json[] => {
    const items = [{ item_id: `i${i}`, item_name: `Item ${i}`, price: i, quantity: i }];
    const by = { user_id: 'u', city: `city ${i}`, session_id: `s${i}`, items, timestamp: at + i * 1_000 };
    return [
      // Now, since what rises does so within the hour.
      ...ids.slice(0, i).map(() => ({ ...by, name: 'view_item', timestamp: Date.now() })),
      { ...by, name: 'search', search_term: `term ${i}` },
      { ...by, name: 'purchase', transaction_id: `t${i}`, payment_type: `type ${i}` },
      { ...by, name: 'add_to_cart', user_id: `open ${i}` },
      { ...by, name: 'add_to_cart', user_id: `left ${i}`, timestamp: at - 90 * MINUTE_MS + i },
      { name: 'stock_update', item_id: `i${i}`, stock_level: i, timestamp: at },
      { name: 'stock_update', item_id: 'i1', stock_level: 10 + i, timestamp: at + i * 1_000 },
      { name: 'price_change', item_id: 'i1', price: i, timestamp: at + i * 1_000 },
    ];
  };
  // In the order in which they happened: what comes late is not abandoned at once.
  return ids.flatMap(each).sort((a, b) => a.timestamp - b.timestamp);
}

let redis: TestRedis;
let system: TestSystem;
beforeAll(async () => {
  redis = await startRedis();
  system = await startSystem(redis.url, { PARTITIONS: '1' });
  await system.startCounting();
  await system.post(events());
  await eventually('every cart that was left is abandoned', async () => {
    const { abandoned, open } = await system.get(`/v1/abandonment?from=${yesterday()}`);
    return abandoned === ids.length && open === ids.length;
  });
  for (const i of ids)
    await system.request('/v1/webhooks', {
      method: 'POST',
      headers: json,
      body: JSON.stringify({ url: `https://shop.example/${i}` }),
    });
});
afterAll(async () => {
  await system.close();
  await redis.close();
});

const LISTS = [
  '/v1/abandonment/carts?',
  '/v1/abandonment/carts?status=abandoned',
  '/v1/abandonment/items?',
  '/v1/cities?',
  '/v1/cities?rank_by=conversion',
  '/v1/events/frequencies?',
  '/v1/inventory?',
  '/v1/inventory/i1/price-impact?',
  '/v1/inventory/i1/prices?',
  '/v1/inventory/i1/stock?',
  '/v1/payments?',
  '/v1/products?',
  '/v1/products/popular?by=revenue',
  '/v1/products/rising?',
  '/v1/searches?',
  '/v1/users/u/interactions?',
  '/v1/webhooks?',
];
/** Right after midnight most of it lies in the day before. */
const yesterday = (): string => new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
const of = (days: string, list: string): string => (list.startsWith('/v1/webhooks') ? list : `${list}&from=${days}`);

describe('every list pages by cursor', () => {
  test.each(LISTS)('%s: pages of two are the list of a thousand', async (list) => {
    const asked = of(yesterday(), list);
    const body = async (query: string): Promise<Json> => (await system.request(`${asked}&${query}`)).json();
    const whole = await body('limit=1000');
    expect(whole.data.length).toBeGreaterThan(3);
    expect(whole.meta.next_cursor).toBeUndefined();
    const rows: Json[] = [];
    let cursor = '';
    do {
      const { data, meta } = await body(`limit=2${cursor}`);
      expect(data.length).toBeLessThanOrEqual(2);
      rows.push(...data);
      cursor = meta.next_cursor === undefined ? '' : `&cursor=${meta.next_cursor}`;
    } while (cursor !== '');
    const settled = (row: Json): Json => ({
      ...row,
      score: undefined,
      expected: undefined,
      hours_of_stock_left: undefined,
    });
    expect(rows.map(settled)).toEqual(whole.data.map(settled));
  });

  test('and the document says so of each that takes a limit', async () => {
    const { paths }: Json = await (await system.request('/openapi.json')).json();
    const named = (path: string, name: string): boolean =>
      (paths[path].get?.parameters ?? []).some((one: Json) => one.name === name);
    const limited = Object.keys(paths).filter((path) => named(path, 'limit'));
    const paged = limited.filter((path) => named(path, 'cursor'));
    // A breakdown beside an answer, and the windows of one hour, are no lists of their own.
    expect(limited.filter((path) => !paged.includes(path)).sort()).toEqual([
      '/v1/abandonment',
      '/v1/engagement',
      '/v1/explore/customers',
      '/v1/funnel',
      '/v1/leaderboard',
      '/v1/products/{item_id}/bought-together',
      '/v1/revenue',
      '/v1/sessions',
    ]);
    for (const path of limited) {
      const { schema }: Json = paths[path].get.parameters.find((one: Json) => one.name === 'limit');
      expect([path, schema.maximum]).toEqual([path, 1_000]);
    }
  });
});

test('the leaderboard of a thousand windows is the hour that it keeps', async () => {
  expect((await system.get('/v1/leaderboard?limit=1000')).windows.length).toBe(720);
});

describe('every answer', () => {
  const META = {
    from: expect.any(String),
    to: expect.any(String),
    timezone: 'UTC',
    generated_at: expect.any(String),
    as_of: expect.any(String),
    approximate: expect.any(Array),
  };

  test('carries meta', async () => {
    const csv = 'event_time,event_type,product_id,category_id,category_code,brand,price,user_id,user_session';
    const answers = [
      ...LISTS.map((list) => system.request(list)),
      ...[
        '/v1/pipeline',
        '/v1/dead-letters',
        '/v1/webhooks/deliveries',
        '/v1/imports',
        '/v1/funnel',
        '/v1/leaderboard',
      ].map((path) => system.request(path)),
      system.request('/v1/users/nobody', { method: 'DELETE' }),
      system.request('/v1/webhooks', { method: 'POST', headers: json, body: '{"url":"https://shop.example/"}' }),
      system.importFile('rees46', `${csv}\n2019-10-01 00:00:00 UTC,view,1,2,a.b,c,1.00,3,4\n`),
    ];
    for (const answer of answers) {
      const response = await answer;
      expect([response.url, response.status]).toEqual([response.url, expect.toSatisfy((status) => status < 300)]);
      const { meta }: Json = await response.json();
      expect(meta).toMatchObject(META);
    }
  });

  test('refuses a parameter that the endpoint does not know', async () => {
    const { paths }: Json = await (await system.request('/openapi.json')).json();
    for (const [path, operations] of Object.entries<Json>(paths))
      for (const method of Object.keys(operations)) {
        if (!path.startsWith('/v1/') || FOREIGN.has(path)) continue;
        const filled = path
          .replace('{format}', 'rees46')
          .replace('{file}', 'products.csv')
          .replace(/\{\w+\}/, 'i1');
        const body = method === 'post' ? { body: '{"url":"https://shop.example/"}' } : {};
        const headers = {
          'Content-Type': /^\/v1\/(imports|reconciliations)/.test(path) ? 'text/csv' : 'application/json',
        };
        const response = await system.request(`${filled}?colour=red`, {
          method: method.toUpperCase(),
          headers,
          ...body,
        });
        const { errors }: Json = await response.json();
        expect([method, path, response.status]).toEqual([method, path, 400]);
        // Beside what else the request lacks.
        expect(errors).toContainEqual({
          path: 'colour',
          message: expect.stringContaining('is not known here'),
          reason: 'unknown-parameter',
        });
      }
  });
});
