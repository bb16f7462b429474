import { expect, test } from 'vitest';
import { environmentSchema, hintsOf } from '../../src/config.ts';
import { nearName } from '../../src/runtime/near-name.ts';

const ours = Object.keys(environmentSchema.shape);
const none = { WRITE_KEYS: [], READ_KEYS: [], ADMIN_KEYS: [] };

test.each([
  ['STORE_TIMEZON', 'STORE_TIMEZONE'],
  ['STORE_TIME_ZONE', 'STORE_TIMEZONE'],
  ['KAFKA_BROKER', 'KAFKA_BROKERS'],
  ['WRITE_KEY', 'WRITE_KEYS'],
  ['DATADIR', 'DATA_DIR'],
  ['REDIS_ULR', 'REDIS_URL'],
  ['SESION_TIMEOUT', 'SESSION_TIMEOUT'],
])('%s is probably %s', (written, meant) => {
  expect(nearName(written, ours)).toBe(meant);
  expect(hintsOf(none, { [written]: 'x' })).toEqual([`${written} is no setting of cartpulse; is ${meant} meant?`]);
});

test.each([
  'HOME',
  'PATH',
  'PWD',
  'LANG',
  'USER',
  'REDIS_PORT',
  'KAFKA_HOME',
  'npm_config_host',
  'HOSTNAME',
  'EDITOR',
  'PORT',
])('%s is somebody else’s, or right', (name) => {
  expect(hintsOf(none, { [name]: 'x' })).toEqual([]);
});

test('a name beside the right one is somebody else’s', () => {
  expect(hintsOf(none, { WRITE_KEY: 'x', WRITE_KEYS: 'sha256:y' })).toEqual([]);
});

test.each([
  [{ ...none, WRITE_KEYS: ['w'] }, /nobody read/],
  [{ ...none, READ_KEYS: ['r'] }, /nobody send/],
])('keys that leave nobody to read or to send are said', (keys, says) => {
  expect(hintsOf(keys, {})).toEqual([expect.stringMatching(says)]);
  expect(hintsOf({ ...keys, ADMIN_KEYS: ['a'] }, {})).toEqual([]);
});

test('keys that can be guessed are said, and shown in no line', () => {
  const given = { ADMIN_KEYS: `sesame, ${'long-and-random-0123456789'}`, READ_KEYS: `sha256:${'a'.repeat(64)}` };
  const hints = hintsOf({ WRITE_KEYS: [], READ_KEYS: [], ADMIN_KEYS: [] }, given);
  expect(hints).toEqual([expect.stringMatching(/^a key of ADMIN_KEYS has fewer than 24 characters: /)]);
  expect(hints.join()).not.toContain('sesame');
});
