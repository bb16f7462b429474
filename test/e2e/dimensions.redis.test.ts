import { afterAll, beforeAll, expect, test } from 'vitest';
import { startRedis, type TestRedis } from '../support/servers/redis-server.ts';
import { type Json, startSystem, type TestSystem, unique } from '../support/system/system.ts';

let redis: TestRedis;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.close());

const bought = (user: string, more: Json) => ({
  name: 'purchase',
  user_id: user,
  transaction_id: `of ${user}`,
  value: 10,
  ...more,
});

async function counting(settings: Record<string, string>): Promise<TestSystem> {
  const system = await startSystem(redis.url, settings);
  await system.startCounting();
  return system;
}

test('an own dimension is counted by what events carry at its path, and asked as every other', async () => {
  const system = await counting({ DIMENSIONS: 'city,plan:params.plan' });
  await system.post([
    bought('ann', { params: { plan: 'pro' } }),
    bought('ben', { params: { plan: 'free' } }),
    bought('cid', { dimensions: { plan: 'pro' }, params: { plan: 'free' } }),
    bought('dee', { params: { plan: 7 } }),
    bought('eve', {}),
  ]);
  await system.settled();
  const rows: Json[] = await system.get('/v1/breakdowns/plan?rank_by=orders');
  expect(rows.map(({ rank, plan, orders, revenue }) => [rank, plan, orders, revenue])).toEqual([
    [1, 'pro', 2, 20],
    [2, '7', 1, 10],
    [3, 'free', 1, 10],
    [4, 'unknown', 1, 10],
  ]);
  expect(await system.get('/v1/revenue?plan=pro')).toMatchObject({ orders: 2, revenue: 20 });
  const { breakdown }: Json = await system.get('/v1/engagement?breakdown=plan&limit=1');
  expect(breakdown).toMatchObject([{ plan: 'pro', sessions: 2, active_users: 2 }]);
  await system.close();
});

test('by customer, orders of who has ever bought before are told from first ones, over HTTP and after another start', async () => {
  const prefix = unique();
  const settings = { KEY_PREFIX: prefix, DIMENSIONS: 'city,customer' };
  const first = await counting(settings);
  const at = Date.now() - 40 * 86_400_000;
  await first.post(['ann', 'ben'].map((user) => bought(user, { timestamp: at, transaction_id: `first of ${user}` })));
  await first.settled();
  await first.close();
  const system = await counting(settings);
  await system.post([bought('ann', {}), bought('cid', {})]);
  await system.settled();
  const rows: Json[] = await system.get('/v1/breakdowns/customer');
  expect(Object.fromEntries(rows.map(({ customer, orders }) => [customer, orders]))).toEqual({ new: 1, returning: 1 });
  expect(await system.get('/v1/revenue?customer=returning')).toMatchObject({ orders: 1, revenue: 10 });
  await system.close();
});

test('beside a filter a breakdown is of that value alone, in every answer that has one', async () => {
  const system = await counting({ DIMENSIONS: 'city' });
  const lived = (user: string, city: string): Json[] => [
    { name: 'search', user_id: user, city, search_term: 'mug' },
    { name: 'add_to_cart', user_id: user, city, items: [{ item_id: 'mug', price: 10 }] },
    bought(user, { city, payment_type: 'card' }),
  ];
  await system.post([...lived('ann', 'Oslo'), ...lived('ben', 'Bergen'), ...lived('cid', 'Bergen')]);
  await system.settled();
  const ask = 'city=Oslo&breakdown=city&limit=1';
  for (const path of [
    'engagement',
    'sessions',
    'funnel',
    'funnel?mode=open',
    'revenue',
    'revenue?interval=hour',
    'abandonment',
  ]) {
    const { breakdown }: Json = await system.get(`/v1/${path}${path.includes('?') ? '&' : '?'}${ask}`);
    expect([path, breakdown]).toMatchObject([path, [{ city: 'Oslo' }]]);
  }
  const [event]: Json[] = await system.get(`/v1/events/frequencies?${ask}`);
  expect(event.breakdown).toEqual([{ city: 'Oslo', count: 1 }]);
  expect(await system.get(`/v1/searches?${ask}`)).toMatchObject([
    { count: 1, breakdown: [{ city: 'Oslo', count: 1 }] },
  ]);
  expect(await system.get(`/v1/payments?${ask}`)).toMatchObject([
    { orders: 1, breakdown: [{ city: 'Oslo', orders: 1 }] },
  ]);
  expect(await system.get('/v1/revenue?city=Nowhere&breakdown=city')).toMatchObject({ orders: 0, breakdown: [] });
  await system.close();
});

test('one dimension at a time is asked about; what is none is said, with those that there are', async () => {
  const system = await counting({ DIMENSIONS: 'channel' });
  const ask = async (path: string): Promise<[number, Json]> => {
    const response = await system.request(path);
    return [response.status, await response.json()];
  };
  expect(await ask('/v1/revenue?city=Oslo&channel=Email')).toMatchObject([
    400,
    { errors: [{ path: 'channel', message: "can't be asked for together with city: one dimension at a time" }] },
  ]);
  expect(await ask('/v1/breakdowns/plan')).toMatchObject([
    404,
    { detail: 'there is no dimension plan; there are city, channel' },
  ]);
  expect(await ask('/v1/revenue?device=mobile')).toMatchObject([400, { errors: [{ path: 'device' }] }]);
  expect(await ask('/v1/revenue?breakdown=device')).toMatchObject([400, { errors: [{ path: 'breakdown' }] }]);
  await system.close();
});

test('one that is added counts from then on; one that is taken out is refused at the start', async () => {
  const prefix = unique();
  const before = await counting({ KEY_PREFIX: prefix, DIMENSIONS: 'city' });
  await before.post(bought('ann', { country: 'Norway' }));
  await before.settled();
  await before.close();
  const after = await counting({ KEY_PREFIX: prefix, DIMENSIONS: 'city,country' });
  await after.post(bought('ben', { country: 'Norway' }));
  await after.settled();
  expect(await after.get('/v1/breakdowns/country')).toMatchObject([{ country: 'Norway', orders: 1 }]);
  expect(await after.get('/v1/revenue')).toMatchObject({ orders: 2 });
  await after.close();
  await expect(startSystem(redis.url, { KEY_PREFIX: prefix, DIMENSIONS: 'city' })).rejects.toThrow(
    'DIMENSIONS had country, now missing',
  );
});

test('values beyond the cap are said in meta.truncated where they were read', async () => {
  const system = await counting({ PARTITIONS: '1' });
  const visits = Array.from({ length: 1_002 }, (_, i) => ({ name: 'page_view', user_id: `u${i}`, city: `city ${i}` }));
  for (let from = 0; from < visits.length; from += 500) await system.post(visits.slice(from, from + 500));
  await system.settled();
  const answer: Json = await (await system.request('/v1/cities?limit=1000')).json();
  expect(answer.meta.truncated).toContain('engagement');
  const other = answer.data.find((row: Json) => row.city === '(other)');
  expect(other.sessions + answer.data.filter((row: Json) => row.city !== '(other)').length).toBeGreaterThan(1_000);
  const whole: Json = await (await system.request('/v1/engagement')).json();
  expect([whole.data.sessions, whole.meta.truncated]).toEqual([1_002, undefined]);
  await system.close();
});
