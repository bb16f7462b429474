import { afterAll, beforeAll, expect, test } from 'vitest';
import { archiveWith, type Content, type Place } from '../archive/killed-archive.ts';
import { startRedis, type TestRedis } from '../support/servers/redis-server.ts';
import { BUCKET, startS3, type TestS3 } from '../support/servers/s3-server.ts';

let redis: TestRedis;
let s3: TestS3;
let calm: Content;

beforeAll(async () => {
  [redis, s3] = await Promise.all([startRedis(), startS3()]);
  calm = await archiveWith(redis.url, []);
}, 240_000);

afterAll(async () => {
  await redis.close();
  await s3.close();
});

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

test('killed at each point, one after the other, an archive in S3 is that of a folder whose process was never killed', {
  timeout: 500_000,
}, async () => {
  const environment = s3.environment('');
  const place: Place = {
    environment: {
      BUCKET,
      ENDPOINT: s3.proxy.endpoint,
      ACCESS_KEY: environment['ARCHIVE_S3_ACCESS_KEY'] ?? '',
      SECRET_KEY: environment['ARCHIVE_S3_SECRET_KEY'] ?? '',
    },
    rootOf: s3.folderOf,
  };
  const deaths = [
    ['kept', 2],
    ['committed', 3],
    ['written', 1],
    ['placed', 1],
    ['control-placed', 2],
    ['done', 2],
    ['erased', 1],
    ['merged', 1],
    ['parts-removed', 1],
  ] as const;
  expect(await archiveWith(redis.url, deaths, place)).toEqual(calm);
});
