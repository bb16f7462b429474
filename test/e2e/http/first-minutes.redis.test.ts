import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { COMPARISONS } from '../../../src/metrics/query/compared.ts';
import { startRedis, type TestRedis } from '../../support/servers/redis-server.ts';
import { type Json, startSystem, type TestSystem } from '../../support/system/system.ts';

const DAY_MS = 86_400_000;
const MIN = 60_000;
/** Of today: what was sent is older. */
const MIDNIGHT = Math.floor(Date.now() / DAY_MS) * DAY_MS;

let redis: TestRedis;
let system: TestSystem;
let questions: readonly Question[];

interface Question {
  readonly path: string;
  readonly parameters: readonly { readonly name: string; readonly values: readonly string[] }[];
}

beforeAll(async () => {
  redis = await startRedis();
  system = await startSystem(redis.url);
  await system.startCounting();
  const bought = {
    name: 'purchase',
    user_id: 'ann',
    transaction_id: 't1',
    city: 'Oslo',
    items: [{ item_id: 'i1', price: 5 }],
  };
  await system.post([
    { ...bought, timestamp: MIDNIGHT - DAY_MS + 7 * MIN },
    {
      name: 'add_to_cart',
      user_id: 'ben',
      city: 'Oslo',
      items: [{ item_id: 'i1', price: 5 }],
      timestamp: MIDNIGHT - 7 * MIN,
    },
  ]);
  await system.settled();
  questions = await askable();
  vi.useFakeTimers({ toFake: ['Date'] });
});
afterAll(async () => {
  vi.useRealTimers();
  await system.close();
  await redis.close();
});

const NEED_ARCHIVE = /explore|export|accuracy|bought-together/;

/** Every answer that the document names, with what may be asked of it. */
async function askable(): Promise<Question[]> {
  const { paths }: Json = await (await system.request('/openapi.json')).json();
  const found: Question[] = [];
  for (const [path, { get }] of Object.entries<Json>(paths)) {
    const parameters: Json[] = get?.parameters ?? [];
    if (!parameters.some(({ name }) => name === 'from') || NEED_ARCHIVE.test(path)) continue;
    const known = parameters.map(({ name, schema }) => ({ name, values: schema?.enum ?? [] }));
    found.push({
      path: path
        .replace('{item_id}', 'i1')
        .replace('{dimension}', 'city')
        .replace(/\{\w+\}/, 'ann'),
      parameters: known,
    });
  }
  return found;
}

/** What is asked of an answer: by itself, compared, filtered, broken down, as a series. */
function asked({ path, parameters }: Question): string[] {
  const may = (name: string) => parameters.find((parameter) => parameter.name === name);
  const one = (name: string, values: readonly string[]): string[] =>
    may(name) ? values.map((value) => `${name}=${value}`) : [];
  const compared = one('compare', COMPARISONS);
  const shapes = [
    '',
    ...one('breakdown', ['city']),
    ...one('interval', may('interval')?.values ?? []),
    ...one('city', ['Oslo']),
    ...one('mode', ['open']),
    ...one('rank_by', may('rank_by')?.values ?? []),
  ];
  return ['', ...compared].flatMap((comparison) =>
    shapes.map((shape) => `${path}?${[comparison, shape].filter((part) => part !== '').join('&')}`),
  );
}

test.each([
  ['00:00', 0],
  ['00:20', 20 * MIN],
])('at %s of a new day every answer is one, whatever it is compared with', async (_, sinceMs) => {
  vi.setSystemTime(MIDNIGHT + sinceMs);
  const failed: string[] = [];
  for (const question of questions.flatMap(asked)) {
    const response = await system.request(question);
    if (response.status !== 200) failed.push(`${question}: ${response.status} ${await response.text()}`);
  }
  expect(failed).toEqual([]);
  // The list is one of real questions.
  expect(questions.flatMap(asked).filter((question) => question.includes('compare=')).length).toBeGreaterThan(100);
});

test('in the first quarter of an hour today is compared with nothing of yesterday; a quarter later with its first', async () => {
  const compared = async (): Promise<Json> => {
    const answer: Json = await (await system.request('/v1/revenue?compare=previous')).json();
    return answer.previous;
  };
  vi.setSystemTime(MIDNIGHT + 7 * MIN);
  expect(await compared()).toMatchObject({ orders: 0, revenue: 0 });
  vi.setSystemTime(MIDNIGHT + 16 * MIN);
  expect(await compared()).toMatchObject({ orders: 1, revenue: 5 });
});
