import { describe, expect, test } from 'vitest';
import { digestOf } from '../../src/keys/key.ts';
import { appOf, keyRing } from '../http/app-parts.ts';

describe('wrong keys', () => {
  const clock = { ms: 0 };
  const ring = () => keyRing({ read: [digestOf('right'), digestOf('other')], now: () => clock.ms });
  const asked = (secret: string, address = '203.0.113.1') => ({ secret, scope: 'read' as const, address });

  test('twenty may be tried from an address, then one in three seconds', () => {
    const keys = ring();
    for (let i = 0; i < 20; i++) expect(keys.admit(asked(`wrong${i}`)).outcome).toBe('unknown');
    expect(keys.admit(asked('wrong20'))).toEqual({ outcome: 'too-many-tries', retryAfterSeconds: 3 });
    expect(keys.admit(asked('right')).outcome).toBe('too-many-tries');
    clock.ms += 3_000;
    expect(keys.admit(asked('wrong21')).outcome).toBe('unknown');
    expect(keys.admit(asked('right')).outcome).toBe('too-many-tries');
  });

  test('disturb neither other addresses, nor keys that worked from the same one', () => {
    const keys = ring();
    expect(keys.admit(asked('right')).outcome).toBe('admitted');
    for (let i = 0; i < 100; i++) keys.admit(asked(`wrong${i}`));
    expect(keys.admit(asked('other')).outcome).toBe('too-many-tries');
    expect(keys.admit(asked('right')).outcome).toBe('admitted');
    expect(keys.admit(asked('other', '203.0.113.2')).outcome).toBe('admitted');
  });

  test('that are the same one again and again are no guesses: a server with a key that has ended locks nobody out', () => {
    const keys = ring();
    for (let i = 0; i < 1_000; i++) expect(keys.admit(asked('ended')).outcome).toBe('unknown');
    expect(keys.admit(asked('right')).outcome).toBe('admitted');
  });

  test('of a network of IPv6 count together', () => {
    const keys = ring();
    for (let i = 0; i < 30; i++) keys.admit(asked(`wrong${i}`, `2001:db8::${i.toString(16)}`));
    expect(keys.admit(asked('right', '2001:db8::ffff')).outcome).toBe('too-many-tries');
    expect(keys.admit(asked('right', '2001:db8:0:1::1')).outcome).toBe('admitted');
  });

  test('are logged once each, without the key', async () => {
    const lines: string[] = [];
    const nothing = () => undefined;
    const warn = (details: object, message: string) => lines.push(JSON.stringify([details, message]));
    const logger = { debug: nothing, info: nothing, error: nothing, warn };
    const app = appOf([], { keys: ring(), logger });
    for (const key of ['sesame-1', 'sesame-1', 'sesame-2'])
      expect((await app.request('/v1/imports', { headers: { Authorization: `Bearer ${key}` } })).status).toBe(401);
    expect(lines.length).toBe(2);
    expect(lines.join()).toContain('a key was refused');
    expect(lines.join()).not.toContain('sesame');
  });
});
