import { describe, expect, test } from 'vitest';
import { allowsLoopback, readConfig } from '../../src/config.ts';
import { send } from '../../src/webhooks/send.ts';
import { guardedLookup, isPublic, targetProblem } from '../../src/webhooks/targets.ts';

describe('a webhook goes to the public internet over https, or to this machine', () => {
  test.each([
    'https://shop.example/hook',
    'https://93.184.216.34/hook',
    'http://localhost:8080/x',
    'http://127.0.0.1/',
    'https://[2606:4700::1111]/',
    'https://[::ffff:93.184.216.34]/',
    // Another way to write 127.0.0.1.
    'https://0x7f.1/',
  ])('%s may be one', (url) => {
    expect(targetProblem(url)).toBeUndefined();
  });

  test.each([
    ['not a url', 'is not a URL'],
    ['ftp://shop.example/', 'must be https'],
    ['http://shop.example/', 'must be https'],
    ['https://user:pass@shop.example/', 'must not hold a user or password'],
    ['https://10.0.0.1/', 'must not be a private address'],
    ['https://192.168.1.9/', 'must not be a private address'],
    ['https://169.254.169.254/latest/meta-data', 'must not be a private address'],
    ['https://[::ffff:10.0.0.1]/', 'must not be a private address'],
    ['https://[::10.0.0.1]/', 'must not be a private address'],
    ['https://[::93.184.216.34]/', 'must not be a private address'],
    ['https://[fd00::1]/', 'must not be a private address'],
    ['https://2130706434/', 'must not be a private address'],
    ['file:///etc/passwd', 'must be https'],
  ])('%s may not: it %s', (url, problem) => {
    expect(targetProblem(url)).toContain(problem);
  });

  test.each(['http://localhost:8080/x', 'https://127.0.0.1/', 'http://[::1]/'])(
    '%s may not where LOOPBACK_WEBHOOKS does not allow it',
    async (url) => {
      expect(targetProblem(url, false)).toBe('is on this machine, which LOOPBACK_WEBHOOKS does not allow');
      const sent = await send({ url, headers: {}, body: '', allowsLoopback: false });
      expect(sent).toMatchObject({ outcome: 'failed', reason: expect.stringContaining('is on this machine') });
    },
  );

  test('this machine may be one where the API is reached from it alone, or the settings say so', () => {
    const allowed = (environment: Record<string, string>) => allowsLoopback(readConfig(environment));
    expect(allowed({})).toBe(true);
    expect(allowed({ HOST: '0.0.0.0' })).toBe(false);
    expect(allowed({ HOST: '0.0.0.0', LOOPBACK_WEBHOOKS: 'true' })).toBe(true);
    expect(allowed({ LOOPBACK_WEBHOOKS: 'false' })).toBe(false);
    const WEBHOOKS = `[{"url":"http://localhost/x","secret":"whsec_${'a'.repeat(40)}"}]`;
    expect(() => readConfig({ HOST: '0.0.0.0', WEBHOOKS })).toThrow('WEBHOOKS.0.url is on this machine');
  });

  test.each([
    '10.1.2.3',
    '::8.8.8.8',
    '::808:808',
    '172.16.0.1',
    '100.64.0.1',
    '127.0.0.1',
    '0.0.0.0',
    '::1',
    'fe80::1',
    'fec0::1',
    '100:0:0:1::1',
    '64:ff9b::808:808',
    '64:ff9b:1::a00:1',
    '2002:a00:1::',
    '3fff::1',
    '4000::1',
    '224.0.0.1',
    'nonsense',
  ])('%s is not public', (address) => {
    expect(isPublic(address)).toBe(false);
  });
});

describe('names are looked at when the connection is made', () => {
  const resolveTo = (...addresses: string[]) =>
    ((_: string, __: unknown, callback: (error: null, found: { address: string; family: number }[]) => void) =>
      callback(
        null,
        addresses.map((address) => ({ address, family: 4 })),
      )) as never;

  const look = (url: string, ...addresses: string[]) =>
    new Promise((resolve) => {
      guardedLookup(new URL(url), resolveTo(...addresses))('shop.example', { all: true }, (error, found) =>
        resolve(error ? error.message : found),
      );
    });

  test('a name that turns out to be private is refused', async () => {
    expect(await look('https://shop.example/', '10.0.0.7')).toBe('shop.example is not a public address');
  });

  test('of several addresses only public ones are used', async () => {
    expect(await look('https://shop.example/', '192.168.0.1', '93.184.216.34')).toEqual([
      { address: '93.184.216.34', family: 4 },
    ]);
  });

  test('localhost must be this machine', async () => {
    expect(await look('http://localhost/', '93.184.216.34')).toBe('shop.example is not a public address');
    expect(await look('http://localhost/', '127.0.0.1')).toEqual([{ address: '127.0.0.1', family: 4 }]);
  });
});
