import { afterAll, beforeAll, expect, test } from 'vitest';
import { startRedis, type TestRedis } from '../support/servers/redis-server.ts';
import { archiveWith, type Content } from './killed-archive.ts';

let redis: TestRedis;
let calm: Content;

beforeAll(async () => {
  redis = await startRedis();
  calm = await archiveWith(redis.url, []);
}, 240_000);

afterAll(() => redis.close());

test('every event is in the archive once, the erased visitor nowhere, and each date is one file', () => {
  expect(calm.rows).toMatchObject([{ rows: 1_999, places: 1_999, first: 0, last: 1_999 }]);
  expect(calm.files).toBe(2);
});

test.each([
  [
    [
      ['kept', 1],
      ['kept', 7],
      ['committed', 3],
    ],
  ],
  [
    [
      ['written', 1],
      ['written', 2],
      ['placed', 1],
      ['control-placed', 2],
    ],
  ],
  [
    [
      ['done', 2],
      ['erased', 1],
      ['merged', 1],
      ['parts-removed', 1],
    ],
  ],
] as const)(
  'a process that is killed at %j, one after the other, archives nothing twice, and everything once',
  { timeout: 400_000 },
  async (deaths) => {
    expect(await archiveWith(redis.url, deaths)).toEqual(calm);
  },
);
