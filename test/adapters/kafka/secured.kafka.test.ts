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

const PASSWORD = 'shop-secret';

let certificates: Certificates;
let server: KafkaServer;
let redis: TestRedis;
let dir: string;
let port: number;
let plainPort: number;
beforeAll(async () => {
  certificates = makeCertificates();
  dir = mkdtempSync(join(tmpdir(), 'cartpulse-kafka-'));
  [port, plainPort] = [await freePort(), await freePort()];
  const users = [
    ['shop', PASSWORD],
    ['guest', PASSWORD],
  ] as const;
  const secured = { port, keystore: certificates.keystore, users };
  [redis, server] = await Promise.all([startRedis(), startKafka({ dir, isBrief: true, port: plainPort, secured })]);
});
afterAll(async () => {
  await server.stop('SIGKILL');
  await redis.close();
  certificates.remove();
  rmSync(dir, { recursive: true, force: true });
});

const user = (mechanism: string, name = 'shop', password = PASSWORD) => ({
  KAFKA_SASL_MECHANISM: mechanism,
  KAFKA_USERNAME: name,
  KAFKA_PASSWORD: password,
});
const trusted = () => ({ KAFKA_SSL: 'true', KAFKA_CA_FILE: certificates.ca });

test.each(['plain', 'scram-sha-256', 'SCRAM-SHA-512'])(
  'events are sent and counted over TLS by a user of %s',
  async (mechanism) => {
    const environment = { ...kafkaEnvironment(`localhost:${port}`, 2), ...trusted(), ...user(mechanism) };
    const system = await startSystem(redis.url, environment);
    await system.startCounting();
    const events = Array.from({ length: 500 }, (_, i) => ({ name: 'view_item', user_id: `u${i}` }));
    expect((await system.post(events)).status).toBe(202);
    await system.settled();
    expect((await system.get('/v1/engagement')).events).toBe(500);
    await system.close();
  },
);

test.each([
  [
    'a wrong password',
    () => ({ ...trusted(), ...user('plain', 'shop', 'wrong') }),
    /refuses user or password.*KAFKA_PASSWORD/,
  ],
  [
    'a wrong password of SCRAM',
    () => ({ ...trusted(), ...user('scram-sha-256', 'shop', 'wrong') }),
    /refuses user or password/,
  ],
  ['a user without permission', () => ({ ...trusted(), ...user('plain', 'guest') }), /gives this user no permission/],
  [
    'an authority that is not known',
    () => ({ KAFKA_SSL: 'true', ...user('plain') }),
    /certificate that is not trusted.*KAFKA_CA_FILE/,
  ],
  [
    'another authority',
    () => ({ KAFKA_SSL: 'true', KAFKA_CA_FILE: certificates.otherCa, ...user('plain') }),
    /certificate that is not trusted/,
  ],
  ['plain text where TLS is spoken', () => user('plain'), /closes the connection.*KAFKA_SSL=true/],
  [
    'TLS where there is none',
    () => ({ ...trusted(), KAFKA_BROKERS: `localhost:${plainPort}` }),
    /does not speak TLS.*KAFKA_SSL=false/,
  ],
  ['a port on which nothing listens', () => ({ KAFKA_BROKERS: '127.0.0.1:1' }), /does not answer.*set KAFKA_BROKERS/],
] as const)('%s is said as such, without the password', async (_, of, message) => {
  const environment: Record<string, string> = { ...kafkaEnvironment(`localhost:${port}`, 2), ...of() };
  const error: unknown = await startSystem(redis.url, environment).catch((thrown: unknown) => thrown);
  expect(String(error)).toMatch(message);
  expect(String(error)).not.toMatch(/shop-secret|wrong(?! version)/);
});
