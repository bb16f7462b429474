import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ConfigProblem, environmentSchema, readConfig } from '../src/config.ts';

const example = readFileSync(new URL('../.env.example', import.meta.url), 'utf8');

describe('.env.example', () => {
  const named = [...example.matchAll(/^#? ?([A-Z_]+)=(.*)$/gm)].map(
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

describe('a wrong environment', () => {
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
  ])('%s=%s is refused with its name', (name, value) => {
    expect(() => readConfig({ [name]: value })).toThrow(ConfigProblem);
    expect(() => readConfig({ [name]: value })).toThrow(name);
  });

  test('keys are kept as digests only', () => {
    const { ADMIN_KEYS } = readConfig({ ADMIN_KEYS: `secret, sha256:${'a'.repeat(64)}` });
    expect(ADMIN_KEYS).toEqual(['2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b', 'a'.repeat(64)]);
  });
});
