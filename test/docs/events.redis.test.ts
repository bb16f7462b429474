import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { INVENTORY_EVENT_NAMES, SHOP_EVENT_NAMES } from '../../src/events/names.ts';
import { startRedis } from '../support/servers/redis-server.ts';
import { type Json, startSystem } from '../support/system/system.ts';

const text = readFileSync(resolve(import.meta.dirname, '../../docs/events.md'), 'utf8');
const examples: Json[] = [...text.matchAll(/```json\n(.*?)```/gs)].map(([, json = '']) => JSON.parse(json));
// The document must not grow old.
const sent = examples.map((event) => ('timestamp' in event ? { ...event, timestamp: Date.now() } : event));

test('every event of the document is accepted and counted, and every name has one', async () => {
  const redis = await startRedis();
  const system = await startSystem(redis.url, { PARTITIONS: '1' });
  await system.startCounting();
  for (const event of sent) {
    const response = await system.post(event);
    expect([event, response.status]).toEqual([event, 202]);
  }
  await system.settled();
  const counted: Json[] = await system.get('/v1/events/frequencies?limit=1000');
  const names = counted.map(({ name }) => name);
  expect(names.sort()).toEqual([...SHOP_EVENT_NAMES, ...INVENTORY_EVENT_NAMES, 'newsletter_sign_up'].sort());
  expect((await system.get('/v1/pipeline')).rejected).toBe(0);
  await system.close();
  await redis.close();
});
