import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../../../../docker/free-port.ts';
import { type Certificates, makeCertificates } from '../../../support/servers/certificates.ts';
import { startRedis, type TestRedis } from '../../../support/servers/redis-server.ts';
import { startSystem } from '../../../support/system/system.ts';

let certificates: Certificates;
let redis: TestRedis;
let url: string;
beforeAll(async () => {
  certificates = makeCertificates();
  const port = await freePort();
  const { cert, key, ca } = certificates;
  const tls = ['--tls-cert-file', cert, '--tls-key-file', key, '--tls-ca-cert-file', ca, '--tls-auth-clients', 'yes'];
  redis = await startRedis(['--tls-port', String(port), ...tls]);
  url = `rediss://localhost:${port}`;
});
afterAll(async () => {
  await redis.close();
  certificates.remove();
});

const settings = (who?: 'client' | 'stranger') => ({
  REDIS_CA_FILE: certificates.ca,
  REDIS_URL: url,
  ...(who && { REDIS_CERT_FILE: certificates[who].cert, REDIS_KEY_FILE: certificates[who].key }),
});

test('a Redis that asks for a certificate gets it, and a whole system works', async () => {
  const system = await startSystem(url, settings('client'));
  await system.startCounting();
  expect((await system.post({ name: 'view_item', user_id: 'u' })).status).toBe(202);
  await system.settled();
  expect((await system.get('/v1/engagement')).events).toBe(1);
  await system.close();
});

test.each([undefined, 'stranger'] as const)(
  'without one that it trusts (%s) it is said which is missing',
  async (who) => {
    await expect(startSystem(url, settings(who))).rejects.toThrow(/asks for a certificate .*REDIS_CERT_FILE/);
  },
);
