import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ConfigProblem, environmentSchema, loadEnvFile, readConfig } from '../src/config.ts';

const example = readFileSync(new URL('../.env.example', import.meta.url), 'utf8');

describe('.env.example', () => {
  const named = [...example.matchAll(/^#? ?([A-Z0-9_]+)=(.*)$/gm)].map(
    ([, name = '', value = '']) => [name, value] as const,
  );

  test('names every variable that is read, and no other', () => {
    expect(named.map(([name]) => name).sort()).toEqual(Object.keys(environmentSchema.shape).sort());
  });

  test('shows each variable with its default', () => {
    const shown = readConfig(Object.fromEntries(named.filter(([, value]) => value !== '')));
    expect(shown).toEqual({
      ...readConfig({}),
      ...(named.some(([name, value]) => name === 'SIMULATE' && value !== '') && { SIMULATE: shown.SIMULATE }),
    });
  });
});

describe('a file .env', () => {
  test('is read where there is one; what the environment says goes first', () => {
    const directory = mkdtempSync(join(tmpdir(), 'cartpulse-env-'));
    const before = { ...process.env };
    try {
      writeFileSync(join(directory, '.env'), 'STORE_CURRENCY=EUR\nSTORE_TIMEZONE=Asia/Tokyo\n');
      process.env['STORE_TIMEZONE'] = 'Europe/Paris';
      loadEnvFile(join(directory, '.env'));
      loadEnvFile(join(directory, 'none'));
      expect(readConfig()).toMatchObject({ STORE_CURRENCY: 'EUR', STORE_TIMEZONE: 'Europe/Paris' });
    } finally {
      process.env = before;
      rmSync(directory, { recursive: true });
    }
  });
});

describe('the environment', () => {
  test.each([
    ['PORT', 'many'],
    ['CART_TIMEOUT', '60 minutes'],
    ['STORE_TIMEZONE', 'Mars/Olympus'],
    ['STORE_CURRENCY', 'EURO'],
    ['REDIS_URL', 'http://redis'],
    ['KEY_PREFIX', 'a{b}'],
    ['FUNNELS', 'not json'],
    ['FUNNELS', '{"shop":["visit"]}'],
    ['FUNNELS', '{"long":["a","b","c","d","e","f","g","h","i"]}'],
    ['PARTITIONS', '0'],
    ['PARTITIONS', '1.5'],
    ['SESSION_TIMEOUT', '0m'],
    ['READ_KEYS', 'a,,b'],
    ['LOG_LEVEL', 'loud'],
    ['WEBHOOKS', '{'],
    ['WEBHOOKS', '[{"url":"https://shop.example/hook"}]'],
  ])('%s=%s is refused with its name', (name, value) => {
    expect(() => readConfig({ [name]: value })).toThrow(ConfigProblem);
    expect(() => readConfig({ [name]: value })).toThrow(name);
  });

  test('names all that is wrong at once, and what would be right', () => {
    const wrong = {
      PORT: 'many',
      CART_TIMEOUT: '1 hour',
      FUNNELS: 'x',
      WEBHOOKS: '[{"url":"http://shop.example/"}]',
      HOST: '0.0.0.0',
    };
    const expected = [
      'PORT must be a whole number from 0 to 65535',
      'CART_TIMEOUT must be a number with ms, s, m, h or d, such as 30m',
      'FUNNELS must be JSON: {"name": ["stage", …], …}',
      'WEBHOOKS.0.url must be https; plain http is for this machine only',
      'WEBHOOKS.0.secret is missing (see .env.example)',
    ];
    expect(() => readConfig(wrong)).toThrow(new ConfigProblem(expected.join('; ')));
  });

  test('what is empty counts as not set', () => {
    expect(readConfig({ PORT: '', WEBHOOKS: '', REDIS_URL: '' })).toEqual(readConfig({}));
  });

  test.each([
    ['1500ms', 1_500],
    ['15s', 15_000],
    ['30m', 1_800_000],
    ['36h', 129_600_000],
    ['30d', 2_592_000_000],
  ])('durations are in milliseconds: %s', (text, ms) => {
    expect(readConfig({ CART_TIMEOUT: text }).CART_TIMEOUT).toBe(ms);
  });

  test('a withdrawn currency may stay the store’s: what is stored is in it', () => {
    expect(readConfig({ STORE_CURRENCY: 'HRK' }).STORE_CURRENCY).toBe('HRK');
  });

  test('keys are kept as digests only', () => {
    const { ADMIN_KEYS } = readConfig({ ADMIN_KEYS: `secret, sha256:${'a'.repeat(64)}` });
    expect(ADMIN_KEYS).toEqual(['2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b', 'a'.repeat(64)]);
  });
});

describe('an archive in S3', () => {
  const inS3 = {
    ARCHIVE_DIR: 's3://shop-archive/eu/one',
    ARCHIVE_S3_ACCESS_KEY: 'key',
    ARCHIVE_S3_SECRET_KEY: 'secret',
  };

  test('has both keys or those that the machine is lent, and keys need it', () => {
    for (const keys of [
      {},
      { ARCHIVE_S3_SESSION_TOKEN: 'lent' },
      { ARCHIVE_S3_ACCESS_KEY: '', ARCHIVE_S3_SECRET_KEY: '' },
    ])
      expect(readConfig({ ...inS3, ...keys }).ARCHIVE_DIR).toBe(inS3.ARCHIVE_DIR);
    expect(() => readConfig({ ...inS3, ARCHIVE_S3_SECRET_KEY: '' })).toThrow('need each other');
    expect(() => readConfig({ ARCHIVE_DIR: inS3.ARCHIVE_DIR, ARCHIVE_S3_SESSION_TOKEN: 'lent' })).toThrow(
      'ARCHIVE_S3_SESSION_TOKEN needs ARCHIVE_S3_ACCESS_KEY',
    );
    expect(() => readConfig({ ...inS3, ARCHIVE_DIR: '/data/archive' })).toThrow('s3://bucket/archive');
  });

  test.each(['s3://', 's3://B/x', 'gs://bucket/x', 'https://bucket.example/x'])('is not named %s', (dir) => {
    expect(() => readConfig({ ...inS3, ARCHIVE_DIR: dir })).toThrow('must be a folder, or s3://bucket/prefix');
  });

  test('shows no secret where something is wrong', () => {
    const wrong = { ...inS3, ARCHIVE_S3_ENDPOINT: 'https://user:hidden@minio.example' };
    expect(() => readConfig(wrong)).toThrow(/^(?!.*(hidden|secret)).*ARCHIVE_S3_ENDPOINT/);
  });
});
