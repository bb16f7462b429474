import { Webhook } from 'standardwebhooks';
import { describe, expect, test } from 'vitest';
import { newSecret } from '../../src/webhooks/signature.ts';
import { startRedis } from '../support/servers/redis-server.ts';
import { WebhookReceiver } from '../support/servers/webhook-receiver.ts';
import { eventually, type Json, startSystem } from '../support/system/system.ts';
import { webhookShop } from './webhook-shop.ts';

const HOUR = 3_600_000;
const shop = webhookShop();

describe('webhooks', () => {
  test('are signed as Standard Webhooks, and hold the cart', async () => {
    const { secret } = await shop.make();
    const user = await shop.abandon();
    await eventually('the delivery', () => shop.receiver.received.length === 1);
    const [got] = shop.receiver.received;
    const message: Json = new Webhook(secret).verify(got?.body ?? '', got?.headers ?? {});
    expect(message).toMatchObject({
      type: 'cart.abandoned',
      data: { user_id: user, value: 12.5, currency: 'USD', source: 'live', stage: 'cart' },
    });
    expect(got?.headers['webhook-id']).toBe(message.data.event_id);
    expect(() => new Webhook(newSecret()).verify(got?.body ?? '', got?.headers ?? {})).toThrow();
    expect(() => new Webhook(secret).verify(`${got?.body} `, got?.headers ?? {})).toThrow();
  });

  test('are cancelled when the cart is bought before', async () => {
    await shop.jobs.stop();
    const patient = await startSystem(
      shop.redis.url,
      { KEY_PREFIX: shop.system.prefix, CART_TIMEOUT: '1s' },
      { webhookBackoff: () => 300 },
    );
    shop.jobs = await patient.system.startRollups();
    await shop.make({ events: ['cart.abandoned'] });
    let refuse: () => void = () => undefined;
    const refused = new Promise<number>((resolve) => {
      refuse = () => resolve(500);
    });
    shop.receiver.answers = [refused, 200];
    const user = await shop.abandon();
    await eventually('a first try', () => shop.receiver.received.length === 1);
    await shop.system.post({
      name: 'purchase',
      user_id: user,
      transaction_id: 't',
      items: [{ item_id: 'a', price: 12.5 }],
    });
    await shop.system.settled();
    refuse();
    await new Promise((done) => setTimeout(done, 1_500));
    expect(shop.receiver.received.length).toBe(1);
    expect(await shop.deliveries()).toEqual([]);
    await patient.close();
  });

  test('say that a cart was recovered, after they said that it was abandoned', async () => {
    await shop.make();
    const user = await shop.abandon();
    // Bought earlier, it would not be said any more that it was abandoned.
    await eventually('the first', () => shop.receiver.received.length === 1);
    await shop.system.post({ name: 'purchase', user_id: user, transaction_id: `t${user}`, value: 9 });
    await eventually('both', () => shop.receiver.received.length === 2);
    expect(shop.receiver.received.map(({ body }) => JSON.parse(body).type)).toEqual([
      'cart.abandoned',
      'cart.recovered',
    ]);
    const { timestamp, data } = JSON.parse(shop.receiver.received[1]?.body ?? '');
    expect(timestamp).toBe(data.recovered_at);
  });

  test('are sent once for a cart, also when its partition is counted anew', async () => {
    await shop.make();
    await shop.abandon();
    await eventually('the delivery', () => shop.receiver.received.length === 1);
    const keys = await shop.redis.client.keys(`${shop.system.prefix}:1:*`);
    await shop.redis.client.del(...keys);
    await eventually(
      'counting anew',
      async () => (await shop.redis.client.keys(`${shop.system.prefix}:1:*`)).length > 5,
    );
    await shop.system.settled();
    await eventually(
      'the outbox to be empty',
      async () => (await shop.system.get('/v1/pipeline')).outbox.waiting === 0,
    );
    expect(shop.receiver.received.length).toBe(1);
  });

  test('filter by value, city and stage', async () => {
    await shop.make({ min_value: 100 });
    await shop.abandon();
    await shop.abandon({ items: [{ item_id: 'b', price: 100 }] });
    await eventually('the dear one', () => shop.receiver.received.length === 1);
    expect(JSON.parse(shop.receiver.received[0]?.body ?? '{}').data.value).toBe(100);
  });

  test('are never sent for imports, nor for a cart abandoned more than 24 hours ago', async () => {
    await shop.make();
    const header = 'event_time,event_type,product_id,category_id,category_code,brand,price,user_id,user_session';
    const time = new Date(Date.now() - 3 * HOUR).toISOString().slice(0, 19).replace('T', ' ');
    await shop.system.importFile('rees46', `${header}\n${time} UTC,cart,1,2,,,3.50,5,s\n`);
    await shop.system.settled();
    await shop.abandon({}, 26 * HOUR);
    expect((await shop.system.get('/v1/abandonment/items?from=2020-01-01&to=2020-01-02')).length).toBe(0);
    const yesterday = new Date(Date.now() - 48 * HOUR).toISOString().slice(0, 10);
    const left: Json[] = await shop.system.get(`/v1/abandonment/carts?status=abandoned&from=${yesterday}`);
    expect(left.length).toBe(2);
    await eventually(
      'the outbox to be empty',
      async () => (await shop.system.get('/v1/pipeline')).outbox.waiting === 0,
    );
    await new Promise((done) => setTimeout(done, 300));
    expect(shop.receiver.received).toEqual([]);
  });

  test.each([
    [{ url: 'http://shop.example/' }, 'url'],
    [{ url: 'https://169.254.169.254/' }, 'url'],
    [{ url: 'https://shop.example/', secret: 'short' }, 'secret'],
    [{ url: 'https://shop.example/', events: ['cart.burned'] }, 'events.0'],
    [{ url: 'https://shop.example/', colour: 'red' }, 'colour'],
  ])('%j is refused, and the answer names %s', async (body, path) => {
    const response = await shop.send('POST', '/v1/webhooks', body);
    expect(response.status).toBe(400);
    expect(((await response.json()) as Json).errors[0].path).toBe(path);
  });

  test('are listed without their secrets, and removed', async () => {
    const { id } = await shop.make({ cities: ['Pune'] });
    const { data }: Json = await (await shop.send('GET', '/v1/webhooks')).json();
    expect(data).toEqual([{ id, url: shop.url, events: ['cart.abandoned', 'cart.recovered'], cities: ['Pune'] }]);
    expect((await shop.send('DELETE', `/v1/webhooks/${id}`)).status).toBe(204);
    expect((await shop.send('DELETE', `/v1/webhooks/${id}`)).status).toBe(404);
  });

  test('of an erased user are taken back', async () => {
    await shop.make();
    shop.receiver.answers = ['reset'];
    const user = await shop.abandon();
    await eventually('a first try', () => shop.receiver.received.length >= 1);
    const naming = async (): Promise<string[]> => {
      const jobKeys = await shop.redis.client.keys(`{${shop.system.prefix}:bull}:webhooks:*-*`);
      const hashes = await Promise.all(jobKeys.map((key) => shop.redis.client.hgetall(key).catch(() => ({}))));
      return jobKeys.filter((_, i) => JSON.stringify(hashes[i]).includes(user));
    };
    expect((await naming()).length).toBe(1);
    await shop.send('DELETE', `/v1/users/${user}`);
    await shop.system.settled();
    await eventually('its deliveries to be gone', async () => (await naming()).length === 0);
  });
});

test('endpoints of the settings need no request, and carts of an earlier start are sent by the next', async () => {
  const redis = await startRedis();
  const receiver = new WebhookReceiver();
  const url = await receiver.start();
  const secret = newSecret();
  const system = await startSystem(redis.url, { WEBHOOKS: JSON.stringify([{ url, secret }]) });
  const jobs = await system.system.startRollups();
  await system.startCounting();
  await system.post([{ name: 'add_to_cart', user_id: 'u', timestamp: Date.now() - HOUR - 1_000 }]);
  await system.post({ name: 'page_view', user_id: 'u' });
  await eventually('the delivery', () => receiver.received.length === 1);
  const [got] = receiver.received;
  new Webhook(secret).verify(got?.body ?? '', got?.headers ?? {});
  await jobs.stop();
  await system.close();
  receiver.close();
  await redis.close();
});
