import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addressDatabase } from '../support/servers/address-database.ts';
import { startRedis, type TestRedis } from '../support/servers/redis-server.ts';
import { json, send } from '../support/system/http.ts';
import { type Json, startSystem, type TestSystem } from '../support/system/system.ts';

const ADDRESS = '81.2.69.142';
const file = addressDatabase({ '81.2.69.0/24': { city: 'Oslo', country: 'NO' } });

let redis: TestRedis;
let system: TestSystem;
beforeAll(async () => {
  redis = await startRedis(['--appendonly', 'yes', '--appendfsync', 'always']);
  system = await startSystem(redis.url, {
    GEOIP_DATABASE: file.path,
    WRITE_KEYS: 'wk',
    ADMIN_KEYS: 'ak',
    PUBLIC_KEYS: 'pk_shop@https://shop.example',
  });
  await system.startCounting();
});
afterAll(async () => {
  await system.close();
  await redis.close();
  file.remove();
});

const person = {
  'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
  Origin: 'https://shop.example',
  'X-Forwarded-For': `${ADDRESS}, 10.0.0.1`,
};
const text = { 'Content-Type': 'text/plain' };
const ofPage = (event: object, headers: Record<string, string> = {}) =>
  system.request('/v1/events?key=pk_shop', send(JSON.stringify(event), { ...text, ...person, ...headers }));

/** How many sessions each value of a dimension has. */
const sessionsBy = async (dimension: string): Promise<Record<string, number>> => {
  await system.settled();
  const path = `/v1/breakdowns/${dimension}?rank_by=sessions&limit=100`;
  const response = await system.request(path, { headers: { Authorization: 'Bearer ak' } });
  const { data }: Json = await response.json();
  return Object.fromEntries(data.map((row: Json) => [row[dimension], row.sessions]));
};

test('visitors of the ways of browsers are where their address is, unless the event or a header says otherwise', async () => {
  const view = { name: 'page_view' };
  await ofPage({ ...view, user_id: 'a' });
  await ofPage({ ...view, user_id: 'b', city: 'Bergen', country: 'Norway' });
  await ofPage({ ...view, user_id: 'c' }, { 'CF-IPCity': 'Paris', 'CF-IPCountry': 'FR' });
  await ofPage({ ...view, user_id: 'd', params: { city: 'Rome' } });
  const gtag = '/g/collect?v=2&tid=G-1&cid=e&ep.cartpulse_key=pk_shop&en=page_view';
  expect((await system.request(gtag, { method: 'POST', headers: person })).status).toBe(204);
  const page = send(JSON.stringify({ anonymousId: 'f', writeKey: 'pk_shop' }), { ...json, ...person });
  expect((await system.request('/v1/page', page)).status).toBe(200);
  // A server's own address says nothing of its visitors.
  const server = { ...json, ...person, Authorization: 'Bearer wk' };
  await system.request('/v1/events', send(JSON.stringify({ ...view, user_id: 'g' }), server));
  expect(await sessionsBy('city')).toEqual({ Oslo: 3, Bergen: 1, Paris: 1, Rome: 1, unknown: 1 });
  expect(await sessionsBy('country')).toEqual({ NO: 3, Norway: 1, FR: 1, unknown: 2 });
});

test('no address is stored: neither in what Redis holds, nor in anything that was ever written to it', async () => {
  const refused = await ofPage({ name: 'purchase', user_id: 'a' });
  expect(refused.status).toBe(400);
  await system.settled();
  const written = readdirSync(redis.dir, { recursive: true, encoding: 'utf8' })
    .map((name) => join(redis.dir, name))
    .filter((name) => statSync(name, { throwIfNoEntry: false })?.isFile())
    .map((name) => readFileSync(name, 'latin1'))
    .join();
  expect(written).toContain('Oslo');
  expect(written).not.toContain(ADDRESS);
  expect(written).not.toContain('81.2.69');
});

test('a database that is not there ends the start with a line that says so', async () => {
  const start = startSystem(redis.url, { GEOIP_DATABASE: '/nowhere/a.mmdb' });
  await expect(start).rejects.toThrow(/^GEOIP_DATABASE can't be read: .*\/nowhere\/a\.mmdb/);
});
