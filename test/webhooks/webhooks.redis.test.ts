import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { newSecret } from '../../src/webhooks/signature.ts';
import { startRedis, type TestRedis } from '../support/redis-server.ts';
import { eventually, type Json, startSystem, type TestSystem } from '../support/system.ts';

const HOUR = 3_600_000;
type Answer = number | 'hang' | 'reset';

interface Received {
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** A real receiver that answers as it is told, and keeps what it got. */
class Receiver {
  readonly received: Received[] = [];
  answers: Answer[] = [];
  private readonly server: Server = createServer((request, response) => void this.take(request, response));

  async start(): Promise<string> {
    await new Promise<void>((done) => this.server.listen(0, '127.0.0.1', done));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/hook`;
  }

  private async take(request: IncomingMessage, response: import('node:http').ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request) body += chunk;
    this.received.push({ headers: request.headers as Record<string, string>, body });
    const answer = this.answers.length > 1 ? this.answers.shift() : this.answers[0];
    if (answer === 'reset') request.socket.destroy();
    else if (answer !== 'hang')
      response.writeHead(answer ?? 200, answer === 302 ? { Location: '/elsewhere' } : {}).end();
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

describe('webhooks', () => {
  let redis: TestRedis;
  let receiver: Receiver;
  let url: string;
  let system: TestSystem;
  let jobs: { stop(): Promise<void> };

  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.close());
  beforeEach(async () => {
    receiver = new Receiver();
    url = await receiver.start();
    system = await startSystem(redis.url, {}, { webhookBackoff: () => 50 });
    await system.startCounting();
    jobs = await system.system.startRollups();
  });
  afterEach(async () => {
    await jobs.stop();
    await system.close();
    receiver.close();
  });

  const send = async (method: string, path: string, body?: unknown): Promise<Response> =>
    system.request(path, {
      method,
      ...(body !== undefined && { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }),
    });

  const make = async (input: Json = {}): Promise<Json> => {
    const response = await send('POST', '/v1/webhooks', { url, ...input });
    expect(response.status).toBe(201);
    return ((await response.json()) as Json).data;
  };

  let users = 0;
  /** A cart that was left an hour and a second ago, and found by the next event. */
  async function abandon(more: Json = {}, ageMs = HOUR + 1_000): Promise<string> {
    const user = `w${users++}`;
    const at = Date.now() - ageMs;
    await system.post([
      {
        name: 'add_to_cart',
        user_id: user,
        timestamp: at,
        city: 'Pune',
        items: [{ item_id: 'a', price: 12.5 }],
        ...more,
      },
    ]);
    const bystanders = Array.from({ length: 30 }, (_, i) => ({ name: 'page_view', user_id: `by-${i}` }));
    await system.post(bystanders);
    await system.settled();
    return user;
  }

  const deliveries = async (): Promise<Json[]> => {
    const body: Json = await (await system.request('/v1/webhooks/deliveries')).json();
    return body.data;
  };

  test('are signed as Standard Webhooks, and hold the cart', async () => {
    const { secret } = await make();
    const user = await abandon();
    await eventually('the delivery', () => receiver.received.length === 1);
    const [got] = receiver.received;
    const message: Json = new Webhook(secret).verify(got?.body ?? '', got?.headers ?? {});
    expect(message).toMatchObject({
      type: 'cart.abandoned',
      data: { user_id: user, value: 12.5, currency: 'USD', source: 'live', stage: 'cart' },
    });
    expect(got?.headers['webhook-id']).toBe(message.data.event_id);
    expect(() => new Webhook(newSecret()).verify(got?.body ?? '', got?.headers ?? {})).toThrow();
    expect(() => new Webhook(secret).verify(`${got?.body} `, got?.headers ?? {})).toThrow();
  });

  test('are tried again after a 500, a reset and a redirect, with the same id, until they are taken', async () => {
    const { secret } = await make();
    receiver.answers = [500, 'reset', 302, 200];
    await abandon();
    await eventually('the fourth try', () => receiver.received.length === 4);
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    for (const { headers, body } of receiver.received) new Webhook(secret).verify(body, headers);
    expect(await deliveries()).toEqual([]);
  });

  test('that hang are given up after 10 seconds and tried again', { timeout: 40_000 }, async () => {
    await make();
    receiver.answers = ['hang', 200];
    await abandon();
    await eventually('the first try', () => receiver.received.length === 1);
    const began = Date.now();
    await eventually('the second try', () => receiver.received.length === 2);
    expect(Date.now() - began).toBeGreaterThan(9_000);
    expect(Date.now() - began).toBeLessThan(12_000);
  });

  test('stop at a 410: nothing is sent there any more, until it is made again', async () => {
    const { id } = await make();
    receiver.answers = [410];
    await abandon();
    await eventually('the delivery to be given up', async () => (await deliveries()).length === 1);
    expect((await deliveries())[0]).toMatchObject({ endpoint_id: id, type: 'cart.abandoned', attempts: 1 });
    expect(((await (await send('GET', '/v1/webhooks')).json()) as Json).data[0].disabled_at).toBeDefined();
    await abandon();
    expect(receiver.received.length).toBe(1);
    receiver.answers = [200];
    await make();
    await abandon();
    await eventually('the next one', () => receiver.received.length === 2);
  });

  test('that fail for good are kept, can be looked at, and sent again', { timeout: 60_000 }, async () => {
    await make();
    receiver.answers = [410];
    await abandon();
    await eventually('it to be given up', async () => (await deliveries()).length === 1);
    const [dead] = await deliveries();
    expect(dead.reason).toContain('410');
    receiver.answers = [200];
    await make();
    expect((await send('POST', `/v1/webhooks/deliveries/${dead.id}/retry`)).status).toBe(202);
    await eventually('it to be sent again', () => receiver.received.length === 2);
    expect(await deliveries()).toEqual([]);
    expect((await send('POST', `/v1/webhooks/deliveries/${dead.id}/retry`)).status).toBe(404);
  });

  test('rest after five failures in a row: the circuit is open, and no try is made', async () => {
    await make();
    receiver.answers = [500];
    await abandon();
    await eventually('five tries', () => receiver.received.length === 5);
    await abandon();
    await new Promise((done) => setTimeout(done, 600));
    expect(receiver.received.length).toBe(5);
    expect(await deliveries()).toEqual([]);
  });

  test('are cancelled when the cart is bought before', async () => {
    await jobs.stop();
    const patient = await startSystem(redis.url, { KEY_PREFIX: system.prefix }, { webhookBackoff: () => 1_500 });
    jobs = await patient.system.startRollups();
    await make({ events: ['cart.abandoned'] });
    receiver.answers = [500, 200];
    const user = await abandon();
    await eventually('a first try', () => receiver.received.length === 1);
    await system.post({ name: 'purchase', user_id: user, transaction_id: 't', items: [{ item_id: 'a', price: 12.5 }] });
    await system.settled();
    await new Promise((done) => setTimeout(done, 2_500));
    expect(receiver.received.length).toBe(1);
    expect(await deliveries()).toEqual([]);
    await patient.close();
  });

  test('say that a cart was recovered, after they said that it was abandoned', async () => {
    await make();
    const user = await abandon();
    // Bought earlier, it would not be said any more that it was abandoned.
    await eventually('the first', () => receiver.received.length === 1);
    await system.post({ name: 'purchase', user_id: user, transaction_id: `t${user}`, value: 9 });
    await eventually('both', () => receiver.received.length === 2);
    expect(receiver.received.map(({ body }) => JSON.parse(body).type)).toEqual(['cart.abandoned', 'cart.recovered']);
  });

  test('are sent once for a cart, also when its partition is counted anew', async () => {
    await make();
    await abandon();
    await eventually('the delivery', () => receiver.received.length === 1);
    const keys = await redis.client.keys(`${system.prefix}:1:*`);
    await redis.client.del(...keys);
    await eventually('counting anew', async () => (await redis.client.keys(`${system.prefix}:1:*`)).length > 5);
    await system.settled();
    await eventually('the outbox to be empty', async () => (await system.get('/v1/pipeline')).outbox.waiting === 0);
    expect(receiver.received.length).toBe(1);
  });

  test('filter by value, city and stage', async () => {
    await make({ min_value: 100 });
    await abandon();
    await abandon({ items: [{ item_id: 'b', price: 100 }] });
    await eventually('the dear one', () => receiver.received.length === 1);
    expect(JSON.parse(receiver.received[0]?.body ?? '{}').data.value).toBe(100);
  });

  test('are never sent for imports, nor for a cart abandoned more than 24 hours ago', async () => {
    await make();
    const header = 'event_time,event_type,product_id,category_id,category_code,brand,price,user_id,user_session';
    const time = new Date(Date.now() - 3 * HOUR).toISOString().slice(0, 19).replace('T', ' ');
    await system.importFile('rees46', `${header}\n${time} UTC,cart,1,2,,,3.50,5,s\n`);
    await system.settled();
    await abandon({}, 26 * HOUR);
    expect((await system.get('/v1/abandonment/items?from=2020-01-01&to=2020-01-02')).length).toBe(0);
    const yesterday = new Date(Date.now() - 48 * HOUR).toISOString().slice(0, 10);
    const left: Json[] = await system.get(`/v1/abandonment/carts?status=abandoned&from=${yesterday}`);
    expect(left.length).toBe(2);
    await eventually('the outbox to be empty', async () => (await system.get('/v1/pipeline')).outbox.waiting === 0);
    await new Promise((done) => setTimeout(done, 300));
    expect(receiver.received).toEqual([]);
  });

  test.each([
    [{ url: 'http://shop.example/' }, 'url'],
    [{ url: 'https://169.254.169.254/' }, 'url'],
    [{ url: 'https://shop.example/', secret: 'short' }, 'secret'],
    [{ url: 'https://shop.example/', events: ['cart.burned'] }, 'events.0'],
    [{ url: 'https://shop.example/', colour: 'red' }, 'colour'],
  ])('%j is refused, and the answer names %s', async (body, path) => {
    const response = await send('POST', '/v1/webhooks', body);
    expect(response.status).toBe(400);
    expect(((await response.json()) as Json).errors[0].path).toBe(path);
  });

  test('are listed without their secrets, and removed', async () => {
    const { id } = await make({ cities: ['Pune'] });
    const { data }: Json = await (await send('GET', '/v1/webhooks')).json();
    expect(data).toEqual([{ id, url, events: ['cart.abandoned', 'cart.recovered'], cities: ['Pune'] }]);
    expect((await send('DELETE', `/v1/webhooks/${id}`)).status).toBe(204);
    expect((await send('DELETE', `/v1/webhooks/${id}`)).status).toBe(404);
  });

  test('of an erased user are taken back', async () => {
    await make();
    receiver.answers = ['reset'];
    const user = await abandon();
    await eventually('a first try', () => receiver.received.length >= 1);
    const naming = async (): Promise<string[]> => {
      const jobKeys = await redis.client.keys(`{${system.prefix}:bull}:webhooks:*-*`);
      const hashes = await Promise.all(jobKeys.map((key) => redis.client.hgetall(key).catch(() => ({}))));
      return jobKeys.filter((_, i) => JSON.stringify(hashes[i]).includes(user));
    };
    expect((await naming()).length).toBe(1);
    await send('DELETE', `/v1/users/${user}`);
    await system.settled();
    await eventually('its deliveries to be gone', async () => (await naming()).length === 0);
  });
});

test('endpoints of the settings need no request, and carts of an earlier start are sent by the next', async () => {
  const redis = await startRedis();
  const receiver = new Receiver();
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
