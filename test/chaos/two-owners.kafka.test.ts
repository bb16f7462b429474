import { expect, test } from 'vitest';
import { report } from '../support/chaos.ts';
import { startTestKafka } from '../support/kafka.ts';
import { kafkaEnvironment } from '../support/kafka-environment.ts';
import { startRedis } from '../support/redis-server.ts';
import { unique } from '../support/system.ts';
import { countWithTwoOwners } from '../support/two-owners.ts';

test('two consumers that both believe they own every partition of the topic count nothing twice', {
  timeout: 240_000,
}, async () => {
  const [redis, kafka] = await Promise.all([startRedis(), startTestKafka()]);
  const refused = await countWithTwoOwners(redis.url, { ...kafkaEnvironment(kafka.broker), KEY_PREFIX: unique() });
  expect(refused).toBeGreaterThan(0);
  report('two-owners-kafka', { refused });
  await Promise.all([redis.close(), kafka.close()]);
});
