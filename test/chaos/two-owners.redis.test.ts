import { expect, test } from 'vitest';
import { report } from '../support/runner/chaos.ts';
import { startRedis } from '../support/servers/redis-server.ts';
import { countWithTwoOwners } from '../support/suites/two-owners.ts';
import { unique } from '../support/system/system.ts';

test('two consumers that both believe they own every partition of the embedded log count nothing twice', {
  timeout: 240_000,
}, async () => {
  const redis = await startRedis();
  const refused = await countWithTwoOwners(redis.url, { KEY_PREFIX: unique() });
  expect(refused).toBeGreaterThan(0);
  report('two-owners-streams', { refused });
  await redis.close();
});
