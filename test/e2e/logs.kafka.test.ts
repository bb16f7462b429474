import { afterAll, beforeAll, describe } from 'vitest';
import { startTestKafka, type TestKafka } from '../support/servers/kafka.ts';
import { kafkaEnvironment } from '../support/servers/kafka-environment.ts';
import { startRedis, type TestRedis } from '../support/servers/redis-server.ts';
import { actionsSuite } from '../support/suites/actions.ts';
import { backlogCartsSuite, hastyControl } from '../support/suites/backlog-carts.ts';
import { cutOffImportSuite, importSuite } from '../support/suites/imports.ts';
import { liveCartsSuite } from '../support/suites/live-carts.ts';
import { takenBackSuite } from '../support/suites/taken-back.ts';

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
  takenBackSuite(() => redis, environment);
  liveCartsSuite(url, environment);
  backlogCartsSuite(url, environment);
  hastyControl(url, environment);
  actionsSuite(url, environment);
});
