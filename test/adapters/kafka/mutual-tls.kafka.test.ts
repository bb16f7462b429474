import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../../../docker/free-port.ts';
import { type KafkaServer, startKafka } from '../../../docker/kafka/kafka-server.ts';
import { type Certificates, makeCertificates } from '../../support/servers/certificates.ts';
import { kafkaEnvironment } from '../../support/servers/kafka-environment.ts';
import { startRedis, type TestRedis } from '../../support/servers/redis-server.ts';
import { startSystem } from '../../support/system/system.ts';

let certificates: Certificates;
let server: KafkaServer;
let redis: TestRedis;
let dir: string;
let port: number;
beforeAll(async () => {
  certificates = makeCertificates();
  dir = mkdtempSync(join(tmpdir(), 'cartpulse-kafka-'));
  port = await freePort();
  const { keystore, ca: clientCa } = certificates;
  const secured = { port, keystore, clientCa, users: [['shop', 'secret']] } as const;
  [redis, server] = await Promise.all([
    startRedis(),
    startKafka({ dir, isBrief: true, port: await freePort(), secured }),
  ]);
});
afterAll(async () => {
  await server.stop('SIGKILL');
  await redis.close();
  certificates.remove();
  rmSync(dir, { recursive: true, force: true });
});

const settings = (who?: 'client' | 'stranger') => ({
  ...kafkaEnvironment(`localhost:${port}`, 2),
  KAFKA_SSL: 'true',
  KAFKA_CA_FILE: certificates.ca,
  KAFKA_SASL_MECHANISM: 'plain',
  KAFKA_USERNAME: 'shop',
  KAFKA_PASSWORD: 'secret',
  ...(who && { KAFKA_CERT_FILE: certificates[who].cert, KAFKA_KEY_FILE: certificates[who].key }),
});

test('brokers that ask for a certificate get it: events are sent and counted', async () => {
  const system = await startSystem(redis.url, settings('client'));
  await system.startCounting();
  expect((await system.post({ name: 'view_item', user_id: 'u' })).status).toBe(202);
  await system.settled();
  expect((await system.get('/v1/engagement')).events).toBe(1);
  await system.close();
});

test.each([undefined, 'stranger'] as const)(
  'without one that they trust (%s) it is said which is missing',
  async (who) => {
    await expect(startSystem(redis.url, settings(who))).rejects.toThrow(/asks for a certificate .*KAFKA_CERT_FILE/);
  },
);
