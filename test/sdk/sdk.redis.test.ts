import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createClient } from '../../sdk/src/node.ts';
import { startRedis, type TestRedis } from '../support/servers/redis-server.ts';
import { startSystem, type TestSystem } from '../support/system/system.ts';

let redis: TestRedis;
let system: TestSystem;
let server: Server;
beforeAll(async () => {
  redis = await startRedis();
  system = await startSystem(redis.url);
  await system.startCounting();
  const { fetch } = system.system.app();
  let requests = 0;
  /** Every fourth request is taken, and its answer lost; every fourth is not taken. */
  const cut: typeof fetch = async (request, ...more) => {
    requests += 1;
    if (requests % 4 === 0) return new Response('{}', { status: 502 });
    const response = await fetch(request, ...more);
    return requests % 4 === 2 ? new Response('{}', { status: 502 }) : response;
  };
  server = serve({ fetch: cut, hostname: '127.0.0.1', port: 0 }) as Server;
  await once(server, 'listening');
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await system.close();
  await redis.close();
});

test('each event counts once, though half of the requests are cut', async () => {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = createClient({ url, mostWaiting: 400, mostPerRequest: 200, gatherMs: 1 });
  const line = { item_id: 'sdk-1', price: 2.5 };
  for (let i = 0; i < 1_000; i++)
    await client.track('purchase', { user_id: `u${i % 50}`, transaction_id: `t${i}`, items: [line] });
  expect(await client.close(90_000)).toBe(0);
  await system.settled();
  expect(await system.get('/v1/products/sdk-1')).toMatchObject({ orders: 1_000, units: 1_000, revenue: 2_500 });
  expect((await system.get('/v1/pipeline')).duplicates).toBeGreaterThan(0);
});
