import { afterAll, beforeAll, describe } from 'vitest';
import { liveCartsSuite } from '../support/live-carts-suite.ts';
import { startRedis, type TestRedis } from '../support/redis-server.ts';

describe('embedded log', () => {
  let redis: TestRedis;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.close());
  liveCartsSuite(
    () => redis.url,
    () => ({}),
  );
});
