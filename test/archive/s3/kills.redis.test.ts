import { afterAll, beforeAll, expect, test } from 'vitest';
import { startRedis, type TestRedis } from '../../support/servers/redis-server.ts';
import { BUCKET, startS3, type TestS3 } from '../../support/servers/s3-server.ts';
import { archiveWith, type Place } from '../killed-archive.ts';

let redis: TestRedis;
let s3: TestS3;
let place: Place;

beforeAll(async () => {
  [redis, s3] = await Promise.all([startRedis(), startS3()]);
  const environment = s3.environment('');
  place = {
    environment: {
      BUCKET,
      ENDPOINT: s3.proxy.endpoint,
      ACCESS_KEY: environment['ARCHIVE_S3_ACCESS_KEY'] ?? '',
      SECRET_KEY: environment['ARCHIVE_S3_SECRET_KEY'] ?? '',
    },
    rootOf: s3.folderOf,
  };
});

afterAll(async () => {
  await redis.close();
  await s3.close();
});

test('killed at each point, one after the other, an archive in S3 is that of a folder whose process was never killed', {
  timeout: 500_000,
}, async () => {
  const calm = await archiveWith(redis.url, []);
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
