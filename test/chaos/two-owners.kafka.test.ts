import { expect, test } from 'vitest';
import { report } from '../support/runner/chaos.ts';
import { startTestKafka } from '../support/servers/kafka.ts';
import { kafkaEnvironment } from '../support/servers/kafka-environment.ts';
import { startRedis } from '../support/servers/redis-server.ts';
import { countWithTwoOwners } from '../support/suites/two-owners.ts';
import { unique } from '../support/system/system.ts';

test('two consumers that both believe they own every partition of the topic count nothing twice', {
  timeout: 240_000,
}, async () => {
  const [redis, kafka] = await Promise.all([startRedis(), startTestKafka()]);
  const refused = await countWithTwoOwners(redis.url, { ...kafkaEnvironment(kafka.broker), KEY_PREFIX: unique() });
  expect(refused).toBeGreaterThan(0);
  report('two-owners-kafka', { refused });
  await Promise.all([redis.close(), kafka.close()]);
});
