import { afterAll, beforeAll, describe } from 'vitest';
import { startRedis, type TestRedis } from '../support/servers/redis-server.ts';
import { actionsSuite } from '../support/suites/actions.ts';
import { backlogCartsSuite } from '../support/suites/backlog-carts.ts';
import { cutOffImportSuite, importSuite } from '../support/suites/imports.ts';
import { liveCartsSuite } from '../support/suites/live-carts.ts';

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
  backlogCartsSuite(url, environment);
  actionsSuite(url, environment);
});
