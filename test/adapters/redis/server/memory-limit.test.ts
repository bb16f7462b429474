import { totalmem } from 'node:os';
import { expect, test } from 'vitest';
import { memoryLimitBytes } from '../../../../src/adapters/redis/server/memory-limit.ts';
import { readConfig } from '../../../../src/config.ts';

const limitOf = (REDIS_MAXMEMORY: string) => readConfig({ REDIS_MAXMEMORY }).REDIS_MAXMEMORY;

test.each([
  ['60%', 600],
  ['5%', 50],
  ['512mb', 512 * 1_048_576],
  ['2GB', 2 * 1_073_741_824],
])('%s of a thousand bytes is %i', (text, bytes) => {
  expect(memoryLimitBytes(limitOf(text), 1_000)).toBe(bytes);
});

test('where nothing is said it is 60 % of what the machine or its container has', () => {
  const bytes = memoryLimitBytes(readConfig({}).REDIS_MAXMEMORY);
  expect(bytes).toBeGreaterThan(0);
  expect(bytes).toBeLessThanOrEqual(Math.floor(0.6 * totalmem()));
});

test.each(['0%', '100%', '512', '0mb', 'much'])('%s is refused', (text) => {
  expect(() => limitOf(text)).toThrow('REDIS_MAXMEMORY must be a share such as 60%, or a size such as 512mb or 4gb');
});
