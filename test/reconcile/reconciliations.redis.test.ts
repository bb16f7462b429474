import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { shortHash } from '../../src/events/ids/short-hash.ts';
import { startRedis, type TestRedis } from '../support/servers/redis-server.ts';
import { eventually, type Json, startSystem, type TestSystem } from '../support/system/system.ts';

let redis: TestRedis;
let shop: TestSystem;

const DAY_MS = 86_400_000;
const NOON = Math.floor(Date.now() / DAY_MS) * DAY_MS - DAY_MS + 12 * 3_600_000;
const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
const LONG_BEFORE = NOON - 3 * DAY_MS;
const [YESTERDAY, BEFORE] = [day(NOON), day(NOON - DAY_MS)];

const order = (transaction_id: string, value: number, more: object = {}) => ({
  name: 'purchase',
  user_id: `u-${transaction_id}`,
  transaction_id,
  value,
  currency: 'EUR',
  timestamp: NOON,
  items: [{ item_id: 'mug', price: value }],
  ...more,
});

beforeAll(async () => {
  redis = await startRedis();
  shop = await startSystem(redis.url, { STORE_CURRENCY: 'EUR', PARTITIONS: '2' }, { archives: true });
  await shop.startCounting();
  const events = [
    order('1', 20, { page_location: 'https://shop.example/?utm_source=news&utm_medium=email' }),
    order('2', 35),
    order('3', 10, { timestamp: NOON - DAY_MS }),
    order('4', 12.5, { currency: 'USD' }),
    order('5', 20, { event_id: shortHash(['shopify', 'purchase', '5', '']) }),
    order('6', 8, { event_id: 'e6' }),
    // One id for two orders: the second is a repeat to those who count.
    { ...order('7', 9), user_id: 'u-6', event_id: 'e6' },
    order('8', 30),
    order('8', 30, { user_id: 'somebody else' }),
    order('9', 5, { payment_type: 'Bogus Gateway' }),
    order('10', 5, { device: 'bot' }),
    order('11', 5),
    order('5021', 10, { timestamp: LONG_BEFORE }),
    order('#21', 10, { timestamp: LONG_BEFORE }),
  ];
  const sent = await shop.post(events);
  expect([sent.status, await sent.json()]).toMatchObject([202, { accepted: events.length }]);
  const [partition] = shop.system.log.partitions;
  if (partition === undefined) throw new Error('there are partitions');
  const bad = JSON.stringify({ name: 'purchase', transaction_id: '12', user_id: 'u', value: 'much', timestamp: NOON });
  await shop.system.log.append([{ partition, key: 'u', value: bad }]);
  await shop.settled();
});

afterAll(async () => {
  await shop.close();
  await redis.close();
});

const send = (csv: string, query = '', headers = {}): Promise<Response> =>
  shop.request(`/v1/reconciliations${query}`, {
    method: 'POST',
    headers: { 'Content-Type': 'text/csv', ...headers },
    body: csv,
  });

async function made(csv: string, query = ''): Promise<Json> {
  const response = await send(csv, query);
  const body: Json = await response.json();
  expect(response.status, JSON.stringify(body)).toBe(200);
  return body.data;
}

const PLAIN = [
  'order_id,created_at,total,currency,shipping,tax',
  `1,${YESTERDAY}T11:59:30Z,26.00,EUR,4.00,2.00`,
  `2,${YESTERDAY} 12:00:00,35.00,EUR,4,0`,
  `3,${YESTERDAY} 00:10:00 +0000,10,EUR,,`,
  `4,${YESTERDAY},12.50,EUR,,`,
  `5,${YESTERDAY},20,eur,,`,
  `6,${YESTERDAY},8.01,EUR,,`,
  `7,${YESTERDAY},9,EUR,,`,
  `8,${YESTERDAY},30,EUR,,`,
  `12,${YESTERDAY},9,EUR,,`,
  `13,${YESTERDAY},9,EUR,,`,
  '14,2019-01-01,9,EUR,,',
].join('\n');

describe('of the shop’s own orders', () => {
  let answer: Json;
  let rows: Map<string, Json>;

  beforeAll(async () => {
    answer = await made(PLAIN, `?from=${YESTERDAY}&to=${YESTERDAY}`);
    const found = await shop.get(`/v1/reconciliations/${answer.id}?limit=100`);
    rows = new Map(found.rows.map((row: Json) => [`${row.order_id} ${row.kind}`, row]));
  });

  test('each that is missing, too many or of another amount is listed, with why', () => {
    const told = [...rows].map(([name, { reason, detail }]) => [name, reason, detail]);
    expect(told).toEqual(
      expect.arrayContaining([
        ['2 other_amount', 'shipping-and-tax', undefined],
        ['3 missing', 'other-date', BEFORE],
        ['4 other_amount', 'currency', undefined],
        ['6 other_amount', null, undefined],
        ['7 missing', 'duplicate', undefined],
        ['8 too_many', 'counted-twice', undefined],
        ['9 too_many', 'test-order', undefined],
        ['10 too_many', 'bot', undefined],
        ['11 too_many', null, undefined],
        ['12 missing', 'refused', expect.stringContaining('value')],
        ['13 missing', 'never-sent', undefined],
      ]),
    );
    expect(told).toHaveLength(11);
    expect(rows.get('4 other_amount')).toMatchObject({
      ledger: { amount: 12.5, currency: 'EUR' },
      counted: { amount: 12.5, currency: 'USD' },
      reporter: 'event',
      date: YESTERDAY,
    });
  });

  test('they are added up, in all and by day, channel and reporter', () => {
    expect(answer).toMatchObject({
      format: 'orders',
      from: YESTERDAY,
      to: YESTERDAY,
      orders: 10,
      outside: 1,
      counted: 10,
      same: 3,
      missing: 4,
      too_many: 4,
      other_amount: 3,
      listed: 11,
      cut: false,
      by_day: [{ date: YESTERDAY, orders: 10 }],
    });
    expect(answer.revenue).toEqual([
      {
        currency: 'EUR',
        ledger: 20 + 31 + 10 + 12.5 + 20 + 8.01 + 9 + 30 + 9 + 9,
        counted: 20 + 35 + 20 + 8 + 30 + 30 + 15,
      },
      { currency: 'USD', ledger: 0, counted: 12.5 },
    ]);
    const same = (list: Json[]) => Object.fromEntries(list.map((of) => [of.channel ?? of.reporter, of.same]));
    expect(same(answer.by_channel)).toMatchObject({ Email: 1, Direct: 2 });
    expect(same(answer.by_reporter)).toMatchObject({ shopify: 1, event: 2 });
  });

  test('pages of the orders make the whole, and a cursor of another one is refused', async () => {
    const pages: Json[] = [];
    let path = `/v1/reconciliations/${answer.id}?limit=4`;
    for (;;) {
      const body: Json = await (await shop.request(path)).json();
      pages.push(...body.data.rows);
      if (body.meta.next_cursor === undefined) break;
      path = `/v1/reconciliations/${answer.id}?limit=4&cursor=${body.meta.next_cursor}`;
    }
    expect(pages).toEqual([...rows.values()]);
    const other = await made(PLAIN, `?from=${YESTERDAY}`);
    const cursor = /cursor=(.*)$/.exec(path)?.[1];
    expect((await shop.request(`/v1/reconciliations/${other.id}?cursor=${cursor}`)).status).toBe(400);
  });
});

test('without dates those of the file are compared, and an order that counts on another one of them is not missing', async () => {
  const { from, to, same, orders } = await made(
    `order_id;created_at;total;currency\n3;${YESTERDAY};10,00;EUR\n1;${BEFORE};20,00;EUR`,
  );
  expect({ from, to, same, orders }).toEqual({ from: BEFORE, to: YESTERDAY, same: 2, orders: 2 });
});

const SHOPIFY =
  'Name,Financial Status,Currency,Subtotal,Total,Discount Amount,Created at,Payment Method,Id,Lineitem name';

test('Shopify’s export is told by its columns: an order has several rows, goes by its name too, and may be void or a test', async () => {
  const at = `${YESTERDAY} 13:00:00 +0100`;
  const answer = await made(
    [
      SHOPIFY,
      `#1,paid,EUR,20.00,26.00,0.00,${at},card,5001,mug`,
      '#1,,,,,,,,,cup',
      `#2,paid,EUR,30.00,40.00,5.00,${at},card,5002,mug`,
      `#11,voided,EUR,5.00,5.00,0.00,${at},card,5011,mug`,
      `#15,paid,EUR,5.00,5.00,0.00,${at},Bogus Gateway,5015,mug`,
    ].join('\n'),
  );
  expect(answer).toMatchObject({ format: 'shopify-orders', orders: 3, same: 1, missing: 1, other_amount: 1 });
  const { rows } = await shop.get(`/v1/reconciliations/${answer.id}?limit=100`);
  const reasons = new Map(rows.map((row: Json) => [row.order_id, row.reason]));
  expect(reasons.get('5015')).toBe('test-order');
  expect(reasons.get('5002')).toBe('discount');
  expect(reasons.get('5011')).toBe('voided');
});

test('an order that was counted under each of its names is counted twice', async () => {
  const at = day(LONG_BEFORE);
  const answer = await made(`${SHOPIFY}\n#21,paid,EUR,10.00,10.00,0.00,${at} 13:00:00 +0100,card,5021,mug`);
  expect(answer).toMatchObject({ orders: 1, counted: 2, same: 1, missing: 0, too_many: 1 });
  const { rows } = await shop.get(`/v1/reconciliations/${answer.id}?limit=100`);
  expect(rows).toMatchObject([{ order_id: '#21', kind: 'too_many', reason: 'counted-twice' }]);
});

test.each([
  ['a row of too few columns', 'order_id,created_at,total,currency\n1,2026-11-20,5', 'line 2'],
  ['a total that is none', `order_id,created_at,total,currency\n1,2026-11-20,5,EUR\n2,2026-11-20,much,EUR`, 'line 3'],
  ['a date that is none', 'order_id,created_at,total,currency\n1,2026-02-30,5,EUR', 'line 2'],
  ['a currency that is none', 'order_id,created_at,total,currency\n1,2026-02-20,5,EURO', 'line 2'],
  [
    'an order that stands twice',
    'order_id,created_at,total,currency\n1,2026-02-20,5,EUR\n1,2026-02-21,5,EUR',
    'line 3',
  ],
  [
    'a quote that never closes',
    'order_id,created_at,total,currency\n1,2026-02-20,5,EUR\n"2,2026-02-21,5,EUR\n',
    'line 3',
  ],
  ['other columns', 'order,date\n1,2026-02-20', 'header'],
  ['no order', 'order_id,created_at,total,currency\n', undefined],
])('%s is a 400 that names the line, and nothing is kept', async (_, csv, line) => {
  const before = await shop.get('/v1/reconciliations?limit=100');
  const response = await send(csv);
  const body: Json = await response.json();
  expect(response.status, JSON.stringify(body)).toBe(400);
  if (line !== undefined) expect(body.errors[0].path).toBe(line);
  expect(body.detail).not.toContain('counted');
  expect(await shop.get('/v1/reconciliations?limit=100')).toEqual(before);
});

test('what is no CSV is refused, as is a period that is no date', async () => {
  expect((await send(PLAIN, '', { 'Content-Type': 'application/json' })).status).toBe(415);
  expect((await send(PLAIN, '?from=2026-11-20T10:00:00Z')).status).toBe(400);
});

test('the newest twenty are kept, newest first, and page by cursor', async () => {
  const first = await made('order_id,created_at,total,currency\n1,2026-02-20,5,EUR');
  const ids: string[] = [];
  for (let i = 0; i < 20; i++)
    ids.unshift((await made(`order_id,created_at,total,currency\n${i},2026-02-20,5,EUR`)).id);
  const listed = await shop.get('/v1/reconciliations?limit=100');
  expect(listed.map(({ id }: Json) => id)).toEqual(ids);
  expect((await shop.request(`/v1/reconciliations/${first.id}`)).status).toBe(404);
  const page: Json = await (await shop.request('/v1/reconciliations?limit=15')).json();
  const rest = await shop.get(`/v1/reconciliations?limit=15&cursor=${page.meta.next_cursor}`);
  expect([...page.data, ...rest].map(({ id }: Json) => id)).toEqual(ids);
});

test('an order whose visitor was erased is told apart from one that nobody knows', async () => {
  expect((await shop.request('/v1/users/u-5', { method: 'DELETE' })).status).toBeLessThan(300);
  await shop.settled();
  let rows: Json[] = [];
  // The archive erases with what it writes next.
  await eventually('the erasure in the archive', async () => {
    const answer = await made(PLAIN, `?from=${YESTERDAY}&to=${YESTERDAY}`);
    ({ rows } = await shop.get(`/v1/reconciliations/${answer.id}?limit=100`));
    return rows.some((row) => row.reason === 'erased');
  });
  const of = (kind: string, id: string) => rows.find((row: Json) => row.kind === kind && row.order_id === id);
  expect(of('missing', '5').reason).toBeNull();
  expect(rows.filter((row: Json) => row.reason === 'erased')).toHaveLength(1);
});
