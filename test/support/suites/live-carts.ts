import { expect, test } from 'vitest';
import { cartMessageSchema } from '../../../src/fold/carts/cart-message.ts';
import { readOut } from '../system/out-topics.ts';
import { eventually, type Json, startSystem } from '../system/system.ts';

const HOUR = 3_600_000;
/** A busy machine may hold one of them up. */
const USERS = ['u1', 'u2', 'u3'];
const medianOf = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.POSITIVE_INFINITY;

/** Carts that fall due while nothing arrives: one suite for both event logs. */
export function liveCartsSuite(redisUrl: () => string, environment: () => Readonly<Record<string, string>>): void {
  test('a cart that falls due while nothing arrives is abandoned within 2 seconds, by a tick in the log', async () => {
    const system = await startSystem(redisUrl(), environment());
    await system.startCounting();
    const topics = {
      abandoned: await readOut(system, redisUrl(), 'abandoned'),
      recovered: await readOut(system, redisUrl(), 'recovered'),
    };
    const firstDueAt = Date.now() + 6_000;
    const dueAt = (i: number): number => firstDueAt + i * 1_000;
    const items = [{ item_id: 'i', price: 12.5, quantity: 2 }];
    const carts = USERS.map((user, i) => ({ name: 'add_to_cart', user_id: user, timestamp: dueAt(i) - HOUR, items }));
    // Lane time must stand at the present for the idle lane to reach the deadline in real time.
    await system.post(carts);
    await system.post(
      Array.from({ length: 40 }, (_, i) => ({ name: 'page_view', user_id: `other-${i}`, timestamp: Date.now() })),
    );
    await system.settled();
    const range = `from=${new Date(firstDueAt - HOUR).toISOString().slice(0, 10)}`;
    expect(await system.get(`/v1/abandonment?${range}`)).toMatchObject({ carts: 3, open: 3, abandoned: 0 });
    const seenAfterMs: number[] = [];
    await eventually('the carts to be abandoned', async () => {
      const { abandoned }: Json = await system.get(`/v1/abandonment?${range}`);
      while (seenAfterMs.length < abandoned) seenAfterMs.push(Date.now() - dueAt(seenAfterMs.length));
      return abandoned === 3;
    });
    expect(Math.min(...seenAfterMs)).toBeGreaterThan(0);
    expect(medianOf(seenAfterMs)).toBeLessThan(2_000);
    await eventually('the topic to say so', async () => (await topics.abandoned.messages()).length === 3);
    const said = (await topics.abandoned.messages()).sort((a, b) => (a.value.user_id < b.value.user_id ? -1 : 1));
    expect(medianOf(said.map(({ takenMs }, i) => takenMs - dueAt(i)))).toBeLessThan(2_000);
    for (const [i, { value }] of said.entries())
      expect(cartMessageSchema.parse(value)).toMatchObject({ user_id: USERS[i], value: 25, source: 'live' });
    expect(await system.get(`/v1/abandonment?${range}`)).toMatchObject({
      carts: 3,
      open: 0,
      abandoned: 3,
      abandoned_value: 75,
      abandonment_rate: 1,
    });
    await system.post({ name: 'purchase', user_id: 'u1', transaction_id: 't1', items });
    await system.settled();
    expect(await system.get(`/v1/abandonment?${range}`)).toMatchObject({
      abandoned: 3,
      recovered: 1,
      recovered_value: 25,
    });
    await eventually('the other topic', async () => (await topics.recovered.messages()).length === 1);
    const [bought] = await topics.recovered.messages();
    expect(cartMessageSchema.parse(bought?.value)).toMatchObject({
      cart_id: said[0]?.key,
      recovered_at: expect.any(String),
    });
    for (const topic of Object.values(topics)) await topic.close();
    await system.close();
  });

  test('a live cart is left alone by an import of the same user that runs beside it', async () => {
    const system = await startSystem(redisUrl(), environment());
    await system.startCounting();
    await system.post({ name: 'add_to_cart', user_id: '5', items: [{ item_id: 'i', price: 1 }] });
    const header = 'event_time,event_type,product_id,category_id,category_code,brand,price,user_id,user_session';
    const rows = ['2019-10-01 10:00:00 UTC,cart,1,2,,,3.50,5,s', '2019-10-01 10:01:00 UTC,view,1,2,,,3.50,6,s'];
    const response = await system.importFile('rees46', [header, ...rows].join('\n'));
    expect(response.status).toBe(200);
    await system.settled();
    expect(await system.get('/v1/abandonment')).toMatchObject({ carts: 1, open: 1, abandoned: 0 });
    expect(await system.get('/v1/abandonment?from=2019-10-01&to=2019-10-01')).toMatchObject({
      carts: 1,
      open: 0,
      abandoned: 1,
      abandoned_value: 3.5,
    });
    await system.close();
  });
}
