import fc from 'fast-check';
import { expect } from 'vitest';
import { Random } from '../../../src/simulator/random.ts';
import { Shop } from '../../../src/simulator/shop.ts';
import { progress } from '../runner/chaos.ts';
import { startRedis } from '../servers/redis-server.ts';
import { type Json, startSystem } from '../system/system.ts';
import { mangle, pick } from '../traffic/mangle.ts';

const GOOD_EVERY = 50;
const VALUES = [
  ...[
    '',
    '0',
    '-1',
    '1',
    '999999999999',
    '1e3',
    'NaN',
    'null',
    'true',
    'a'.repeat(3_000),
    'Pune',
    'EUR',
    'XXX',
    '%00',
    '\u202e',
  ],
  ...[
    '2026-11-20',
    '2026-02-30',
    '2026-11-20T14:00:00Z',
    '2026-11-20T14:00:00+05:30',
    '0000-00-00',
    'now',
    '7d',
    '1h',
    '5s',
  ],
  ...[
    'hour',
    'day',
    '15m',
    'previous',
    'city',
    'open',
    'closed',
    'shop',
    'views',
    'revenue',
    'eyJhIjoxfQ',
    '{}',
    '[]',
    '*',
    '|',
  ],
  ...['__proto__', 'constructor', '../../etc/passwd', "'; DROP TABLE", '<script>', 'http://127.0.0.1', 'u'.repeat(128)],
];
const METHODS = ['GET', 'GET', 'GET', 'GET', 'POST', 'DELETE', 'PUT', 'PATCH', 'OPTIONS', 'HEAD'];
const JSON_TYPES = ['application/json', 'application/json', 'application/x-ndjson', 'application/x-ndjson'];
const TYPES = [
  ...JSON_TYPES,
  ...JSON_TYPES,

  'application/json',
  'application/x-ndjson',
  'text/csv',
  'text/plain',
  'application/json; charset=utf-16',
  '',
];
const ENCODINGS = ['', '', '', '', '', '', '', 'gzip', 'br', 'identity'];

interface Route {
  readonly path: string;
  readonly params: readonly string[];
}

async function routesOf(get: (path: string) => Promise<Response>): Promise<Route[]> {
  const document: Json = await (await get('/openapi.json')).json();
  return Object.entries<Json>(document.paths).map(([path, { get: read }]) => ({
    path,
    params: (read?.parameters ?? []).filter((one: Json) => one.in === 'query').map((one: Json) => one.name),
  }));
}

/** Mangled requests with good ones between: each is answered, none with an error of ours, nothing grows. */
export async function fuzzRequests(count: number): Promise<Readonly<Record<string, number>>> {
  const redis = await startRedis();
  const system = await startSystem(redis.url, { PARTITIONS: '2', MAX_BODY_BYTES: '20000' });
  await system.startCounting();
  const unhandled: unknown[] = [];
  const note = (error: unknown): void => void unhandled.push(error);
  process.on('unhandledRejection', note);
  const random = new Random(23);
  const routes = (await routesOf((path) => system.request(path))).filter(({ path }) => path !== '/v1/live');
  const shop = new Shop({ seed: 8, sessions: 20 });
  const real = Array.from({ length: 100 }, (_, i) => shop.next(Date.now() - 100_000 + i * 1_000)).flat();
  const values = fc.sample(fc.jsonValue({ maxDepth: 4 }), { numRuns: 2_000, seed: 23 });
  const body = (): Buffer => {
    const some = Array.from({ length: 1 + random.below(4) }, () => pick(real, random));
    if (random.chance(0.2)) return Buffer.from(JSON.stringify(pick(values, random)));
    const text = random.chance(0.3) ? some.map((one) => JSON.stringify(one)).join('\n') : JSON.stringify(some);
    return mangle(Buffer.from(text), random);
  };
  const fuzzed = (): [string, RequestInit] => {
    const { path, params } = random.chance(0.4) ? { path: '/v1/events', params: [] } : pick(routes, random);
    const filled = path.replace(/\{\w+\}/g, () => encodeURIComponent(pick(VALUES, random)) || 'x');
    const query = new URLSearchParams();
    // A parameter that nobody knows is refused before the events are looked at.
    const nonsense = params.length === 0 ? [] : ['nonsense'];
    for (const name of [...params, ...nonsense]) if (random.chance(0.25)) query.append(name, pick(VALUES, random));
    const method = path === '/v1/events' && random.chance(0.9) ? 'POST' : pick(METHODS, random);
    const encoding = pick(ENCODINGS, random);
    const headers = { 'Content-Type': pick(TYPES, random), ...(encoding !== '' && { 'Content-Encoding': encoding }) };
    const given = method === 'GET' || method === 'HEAD' ? {} : { body: body() };
    return [`${filled}?${query}`, { method, headers, ...given }];
  };
  const statuses = new Map<number, number>();
  const ours: string[] = [];
  const heap: number[] = [];
  let good = 0;
  for (let i = 1; i <= count; i++) {
    if (i % (count / 10) === 0) {
      globalThis.gc?.();
      heap.push(process.memoryUsage().rss / 1_048_576);
      progress(`${i} of ${count} requests`);
    }
    if (i % GOOD_EVERY === 0) {
      const response = await system.post({ event_id: `good-${i}`, name: 'sign_up', user_id: `good-${i}` });
      expect(response.status).toBe(202);
      good += 1;
      continue;
    }
    const [path, init] = fuzzed();
    const response = await system.request(path, init);
    statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
    const text = await response.text();
    if (response.status >= 500) ours.push(`${init.method} ${path} ${response.status} ${text.slice(0, 200)}`);
    if (response.status >= 400 && init.method !== 'HEAD' && init.method !== 'OPTIONS') {
      const { status, jsonrpc }: Json = JSON.parse(text);
      // What the protocol of /mcp itself refuses is said in the protocol's words.
      if (!path.startsWith('/mcp?') || jsonrpc !== '2.0') expect([path, status]).toEqual([path, response.status]);
    }
  }
  expect(ours.slice(0, 10)).toEqual([]);
  await system.settled();
  const frequencies: Json[] = await system.get('/v1/events/frequencies?limit=1000');
  expect(frequencies.find(({ name }) => name === 'sign_up')?.count).toBe(good);
  const refused = [...statuses].filter(([status]) => status >= 400).reduce((sum, [, n]) => sum + n, 0);
  expect(refused).toBeGreaterThan(count / 3);
  // A parameter that is not known is refused, and a third of requests has one.
  expect(statuses.get(202)).toBeGreaterThan(count / 100);
  expect(statuses.get(200)).toBeGreaterThan(count / 50);
  expect(unhandled).toEqual([]);
  const [halfwayMb = 0, endMb = 0] = [heap[4], heap[9]].map((mb) => Math.round(mb ?? 0));
  expect(endMb).toBeLessThan(halfwayMb * 1.3 + 50);
  process.off('unhandledRejection', note);
  await system.close();
  await redis.close();
  return { requests: count, good, refused, halfwayMb, endMb };
}
