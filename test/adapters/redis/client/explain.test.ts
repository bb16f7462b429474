import { expect, test } from 'vitest';
import { explainRedis, withoutPassword } from '../../../../src/adapters/redis/client/explain.ts';
import { readConfig } from '../../../../src/config.ts';

test.each([
  ['redis://h:6379', 'redis://h:6379'],
  ['redis://user:secret@h:6379/2', 'redis://h:6379/2'],
  ['redis://:p@ss@h', 'redis://h'],
  ['redis://:p:a@ss@h:1,rediss://u:s@i:2', 'redis://h:1, rediss://i:2'],
  ['redis://:pa/ss@h', 'a URL that cannot be read'],
  ['redis://:pa#ss@h', 'a URL that cannot be read'],
  ['/data/redis/redis.sock', '/data/redis/redis.sock'],
])('%s is shown as %s', (url, shown) => {
  expect(withoutPassword(url)).toBe(shown);
});

test.each(['redis://:pa/ss@h', 'redis://:pa#ss@h', 'redis://:pa,ss@h', 'http://:pass@h', 'pass'])(
  '%s is refused without showing it',
  (REDIS_URL) => {
    expect(() => readConfig({ REDIS_URL })).toThrow(/^REDIS_URL must be redis:\/\/ or rediss:\/\/ URLs/);
    expect(() => readConfig({ REDIS_URL })).not.toThrow(/ss@h|:pass/);
  },
);

test('protected mode is told from a password that is missing', () => {
  const denied = new Error(
    'DENIED Redis is running in protected mode because protected mode is enabled and no password is set',
  );
  expect(explainRedis(denied, 'redis://h')).toMatch(
    /^Redis at redis:\/\/h runs in protected mode, .*give it a password/,
  );
  expect(explainRedis(new Error('NOAUTH Authentication required.'), 'redis://h')).toMatch(
    /^Redis at redis:\/\/h wants a password/,
  );
});
