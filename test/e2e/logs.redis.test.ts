import { afterAll, beforeAll, describe } from 'vitest';
import { actionsSuite } from '../support/actions-suite.ts';
import { cutOffImportSuite, importSuite } from '../support/import-suite.ts';
import { liveCartsSuite } from '../support/live-carts-suite.ts';
import { startRedis, type TestRedis } from '../support/redis-server.ts';

describe('embedded log', () => {
  let redis: TestRedis;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.close());
  const url = () => redis.url;
  const environment = () => ({});
  importSuite(url, environment);
  cutOffImportSuite(() => redis, environment);
  liveCartsSuite(url, environment);
  actionsSuite(url, environment);
});
