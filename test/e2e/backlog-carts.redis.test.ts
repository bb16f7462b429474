import { afterAll, beforeAll, describe } from 'vitest';
import { startRedis, type TestRedis } from '../support/servers/redis-server.ts';
import { backlogCartsSuite } from '../support/suites/backlog-carts.ts';

describe('embedded log', () => {
  let redis: TestRedis;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.close());
  backlogCartsSuite(
    () => redis.url,
    () => ({}),
  );
});
