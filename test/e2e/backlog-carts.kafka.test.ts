import { afterAll, beforeAll, describe } from 'vitest';
import { startTestKafka, type TestKafka } from '../support/servers/kafka.ts';
import { kafkaEnvironment } from '../support/servers/kafka-environment.ts';
import { startRedis, type TestRedis } from '../support/servers/redis-server.ts';
import { backlogCartsSuite, hastyControl } from '../support/suites/backlog-carts.ts';

describe('Kafka', () => {
  let redis: TestRedis;
  let kafka: TestKafka;
  beforeAll(async () => {
    [redis, kafka] = await Promise.all([startRedis(), startTestKafka()]);
  });
  afterAll(() => Promise.all([redis.close(), kafka.close()]));
  const url = () => redis.url;
  const environment = () => kafkaEnvironment(kafka.broker);
  backlogCartsSuite(url, environment);
  hastyControl(url, environment);
});
