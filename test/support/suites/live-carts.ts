import { expect, test } from 'vitest';
import { cartMessageSchema } from '../../../src/fold/carts/cart-message.ts';
import { readOut } from '../system/out-topics.ts';
import { eventually, type Json, startSystem } from '../system/system.ts';

const HOUR = 3_600_000;

/** Carts that fall due while nothing arrives: one suite for both event logs. */
export function liveCartsSuite(redisUrl: () => string, environment: () => Readonly<Record<string, string>>): void {
  test('a cart that falls due while nothing arrives is abandoned within 2 seconds, by a tick in the log', async () => {
    const system = await startSystem(redisUrl(), environment());
    await system.startCounting();
    const topics = {
      abandoned: await readOut(system, redisUrl(), 'abandoned'),
      recovered: await readOut(system, redisUrl(), 'recovered'),
    };
    const dueAt = Date.now() + 3_000;
    const cart = {
      name: 'add_to_cart',
      user_id: 'u1',
      timestamp: dueAt - HOUR,
      items: [{ item_id: 'i', price: 12.5, quantity: 2 }],
    };
    // Lane time must stand at the present for the idle lane to reach the deadline in real time.
    await system.post([cart, { name: 'page_view', user_id: 'u1', timestamp: dueAt - HOUR, event_id: 'last' }]);
    await system.post(
      Array.from({ length: 40 }, (_, i) => ({ name: 'page_view', user_id: `other-${i}`, timestamp: Date.now() })),
    );
    await system.settled();
    const range = `from=${new Date(dueAt - HOUR).toISOString().slice(0, 10)}`;
    expect(await system.get(`/v1/abandonment?${range}`)).toMatchObject({ carts: 1, open: 1, abandoned: 0 });
    await eventually('the cart to be abandoned', async () => {
      const { abandoned }: Json = await system.get(`/v1/abandonment?${range}`);
      return abandoned === 1;
    });
    expect(Date.now() - dueAt).toBeGreaterThan(0);
    expect(Date.now() - dueAt).toBeLessThan(2_000);
    await eventually('the topic to say so', async () => (await topics.abandoned.messages()).length === 1);
    const [said] = await topics.abandoned.messages();
    expect((said?.takenMs ?? 0) - dueAt).toBeLessThan(2_000);
    expect(cartMessageSchema.parse(said?.value)).toMatchObject({ user_id: 'u1', value: 25, source: 'live' });
    expect(await system.get(`/v1/abandonment?${range}`)).toMatchObject({
      carts: 1,
      open: 0,
      abandoned: 1,
      abandoned_value: 25,
      abandonment_rate: 1,
    });
    await system.post({ name: 'purchase', user_id: 'u1', transaction_id: 't1', items: cart.items });
    await system.settled();
    expect(await system.get(`/v1/abandonment?${range}`)).toMatchObject({
      abandoned: 1,
      recovered: 1,
      recovered_value: 25,
    });
    await eventually('the other topic', async () => (await topics.recovered.messages()).length === 1);
    const [bought] = await topics.recovered.messages();
    expect(cartMessageSchema.parse(bought?.value)).toMatchObject({
      cart_id: said?.key,
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
