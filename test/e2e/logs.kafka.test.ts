import { afterAll, beforeAll, describe } from 'vitest';
import { actionsSuite } from '../support/actions-suite.ts';
import { cutOffImportSuite, importSuite } from '../support/import-suite.ts';
import { startTestKafka, type TestKafka } from '../support/kafka.ts';
import { kafkaEnvironment } from '../support/kafka-environment.ts';
import { liveCartsSuite } from '../support/live-carts-suite.ts';
import { startRedis, type TestRedis } from '../support/redis-server.ts';

describe('Kafka', () => {
  let redis: TestRedis;
  let kafka: TestKafka;
  beforeAll(async () => {
    [redis, kafka] = await Promise.all([startRedis(), startTestKafka()]);
  });
  afterAll(() => Promise.all([redis.close(), kafka.close()]));
  const url = () => redis.url;
  const environment = () => kafkaEnvironment(kafka.broker);
  importSuite(url, environment);
  cutOffImportSuite(() => redis, environment);
  liveCartsSuite(url, environment);
  actionsSuite(url, environment);
});
