import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../../../../docker/free-port.ts';
import { type Certificates, makeCertificates } from '../../../support/servers/certificates.ts';
import { startRedis, type TestRedis } from '../../../support/servers/redis-server.ts';
import { startSystem, unique } from '../../../support/system/system.ts';

/** With signs that mean something in URLs. */
const PASSWORD = 'p@ss/w0rd#1';
const WRITTEN = encodeURIComponent(PASSWORD);

let certificates: Certificates;
let redis: TestRedis;
let tlsPort: number;
beforeAll(async () => {
  certificates = makeCertificates();
  tlsPort = await freePort();
  const { cert, key, ca } = certificates;
  const tls = ['--tls-cert-file', cert, '--tls-key-file', key, '--tls-ca-cert-file', ca, '--tls-auth-clients', 'no'];
  redis = await startRedis(['--tls-port', String(tlsPort), ...tls]);
  await redis.client.acl('SETUSER', 'shop', 'on', `>${PASSWORD}`, '~*', '&*', '+@all');
  await redis.client.acl('SETUSER', 'guest', 'on', `>${PASSWORD}`, '~other:*', '+@all');
  await redis.client.acl('SETUSER', 'reader', 'on', `>${PASSWORD}`, '~*', '+@all', '-eval');
  await redis.client.acl('SETUSER', 'default', 'off');
});
afterAll(async () => {
  await redis.close();
  certificates.remove();
});

test('a whole system works over TLS as a user of its own', async () => {
  const url = `rediss://shop:${WRITTEN}@localhost:${tlsPort}`;
  const system = await startSystem(url, { REDIS_CA_FILE: certificates.ca, REDIS_URL: url });
  await system.startCounting();
  const jobs = await system.system.startRollups();
  expect((await system.post({ name: 'view_item', user_id: 'u' })).status).toBe(202);
  await system.settled();
  expect((await system.get('/v1/engagement')).events).toBe(1);
  await jobs.stop();
  await system.close();
});

const tls = (user: string, host = 'localhost') => `rediss://${user}@${host}:${tlsPort}`;
const plain = (user: string) => `redis://${user}@127.0.0.1:${redis.port}`;
test.each([
  ['a wrong password', () => plain('shop:wrong'), {}, /refuses user or password; set those of REDIS_URL/],
  ['no password', () => `redis://127.0.0.1:${redis.port}`, {}, /wants a password; write it into REDIS_URL/],
  ['keys that are not its own', () => plain(`guest:${WRITTEN}`), {}, /gives this user no permission.*KEY_PREFIX/],
  ['scripts that it may not run', () => plain(`reader:${WRITTEN}`), {}, /gives this user no permission .*eval/],
  [
    'an authority that is not known',
    () => tls(`shop:${WRITTEN}`),
    {},
    /shows a certificate that is not trusted.*REDIS_CA_FILE/,
  ],
  ['another authority', () => tls(`shop:${WRITTEN}`), { ca: 'otherCa' }, /shows a certificate that is not trusted/],
  [
    'TLS where there is none',
    () => plain(`shop:${WRITTEN}`).replace('redis:', 'rediss:'),
    { ca: 'ca' },
    /does not speak TLS.*redis:\/\//,
  ],
  [
    'plain text where TLS is spoken',
    () => tls(`shop:${WRITTEN}`).replace('rediss:', 'redis:'),
    {},
    /closes the connection; if it speaks TLS, write rediss:/,
  ],
  ['a port on which nothing listens', () => `redis://shop:${WRITTEN}@127.0.0.1:1`, {}, /does not answer.*ECONNREFUSED/],
] as const)('%s is said as such, without the password', async (_, url, { ca }: { ca?: 'ca' | 'otherCa' }, message) => {
  const environment = { KEY_PREFIX: unique(), ...(ca && { REDIS_CA_FILE: certificates[ca] }) };
  const error: unknown = await startSystem(url(), environment).catch((thrown: unknown) => thrown);
  expect(String(error)).toMatch(message);
  for (const part of [PASSWORD, WRITTEN, 'p@ss', 'w0rd', 'wrong:']) expect(String(error)).not.toContain(part);
});
