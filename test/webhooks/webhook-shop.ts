import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { startRedis, type TestRedis } from '../support/servers/redis-server.ts';
import { WebhookReceiver } from '../support/servers/webhook-receiver.ts';
import { type Json, startSystem, type TestSystem } from '../support/system/system.ts';

const HOUR = 3_600_000;

export interface WebhookShop {
  redis: TestRedis;
  receiver: WebhookReceiver;
  url: string;
  system: TestSystem;
  /** Whoever delivers. */
  jobs: { stop(): Promise<void> };
  send(method: string, path: string, body?: unknown): Promise<Response>;
  /** Makes an endpoint of the receiver's address. */
  make(input?: Json): Promise<Json>;
  /** A cart of an hour ago, which comes so late that it has CART_TIMEOUT yet, and is found by the next event. @returns its user */
  abandon(more?: Json, ageMs?: number): Promise<string>;
  /** Those that were given up. */
  deliveries(): Promise<Json[]>;
}

interface ShopOptions {
  readonly environment?: () => Readonly<Record<string, string>>;
  readonly backoffMs?: number;
}

/** For each test of a file: a system that counts and delivers, and a receiver that answers as it is told. */
export function webhookShop({ environment = () => ({}), backoffMs = 50 }: ShopOptions = {}): WebhookShop {
  const shop = { send, make, abandon, deliveries } as WebhookShop;
  beforeAll(async () => {
    shop.redis = await startRedis();
  });
  afterAll(() => shop.redis.close());
  beforeEach(async () => {
    shop.receiver = new WebhookReceiver();
    shop.url = await shop.receiver.start();
    shop.system = await startSystem(
      shop.redis.url,
      { CART_TIMEOUT: '1s', ...environment() },
      { webhookBackoff: () => backoffMs },
    );
    await shop.system.startCounting();
    shop.jobs = await shop.system.system.startRollups();
  });
  afterEach(async () => {
    await shop.jobs.stop();
    await shop.system.close();
    shop.receiver.close();
  });

  async function send(method: string, path: string, body?: unknown): Promise<Response> {
    return shop.system.request(path, {
      method,
      ...(body !== undefined && { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }),
    });
  }

  async function make(input: Json = {}): Promise<Json> {
    const response = await send('POST', '/v1/webhooks', { url: shop.url, ...input });
    expect(response.status).toBe(201);
    return ((await response.json()) as Json).data;
  }

  let users = 0;
  async function abandon(more: Json = {}, ageMs = HOUR + 1_000): Promise<string> {
    const user = `w${users++}`;
    const cart = { name: 'add_to_cart', user_id: user, city: 'Pune', items: [{ item_id: 'a', price: 12.5 }] };
    await shop.system.post([{ ...cart, timestamp: Date.now() - ageMs, ...more }]);
    await new Promise((done) => setTimeout(done, 1_100));
    const bystanders = Array.from({ length: 30 }, (_, i) => ({ name: 'page_view', user_id: `by-${i}` }));
    await shop.system.post(bystanders);
    await shop.system.settled();
    return user;
  }

  async function deliveries(): Promise<Json[]> {
    return ((await (await shop.system.request('/v1/webhooks/deliveries')).json()) as Json).data;
  }

  return shop;
}
