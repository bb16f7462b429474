import { afterAll, beforeAll, describe } from 'vitest';
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
  liveCartsSuite(
    () => redis.url,
    () => kafkaEnvironment(kafka.broker),
  );
});
