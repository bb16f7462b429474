import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectAnswersOfLog } from '../support/compare/from-log.ts';
import { Oracle } from '../support/oracle/oracle.ts';
import { report, scaled } from '../support/runner/chaos.ts';
import { startTestKafka, type TestKafka } from '../support/servers/kafka.ts';
import { kafkaEnvironment } from '../support/servers/kafka-environment.ts';
import { migrateSlot, startCluster } from '../support/servers/redis-cluster.ts';
import { startProcess } from '../support/system/processes.ts';
import { sendAll } from '../support/system/sending.ts';
import { eventually, startSystem, unique } from '../support/system/system.ts';
import { simulated, simulatedRange } from '../support/traffic/simulated.ts';

const PARTITIONS = 8;
const SHARDS = 8;
/** A slot's keys move in so many steps, with a pause behind each. */
const STEPS = 30;
const PAUSE_MS = 50;
const SENT_AT_ONCE = 100;
let kafka: TestKafka;
beforeAll(async () => {
  kafka = await startTestKafka();
});
afterAll(() => kafka.close());

interface Faults {
  readonly events: number;
  readonly migrations: number;
  readonly failover: boolean;
  readonly without?: 'declared-keys';
}

/** A shop on a cluster whose slots move, and whose first master dies, while it counts. */
async function runUnderFaults({ events: count, migrations, failover, without }: Faults) {
  const cluster = await startCluster(3, failover ? 1 : 0);
  const environment: Record<string, string> = {
    ...kafkaEnvironment(kafka.broker, PARTITIONS),
    KEY_PREFIX: unique(),
    REDIS_SHARDS: String(SHARDS),
    DEDUPE_WINDOW: '30d',
  };
  const system = await startSystem(cluster.url, environment);
  const consumer = startProcess('test/support/system/faulty-consumer.ts', [], {
    ...environment,
    REDIS_URL: cluster.url,
    LOG_LEVEL: 'silent',
    ...(without !== undefined && { WITHOUT: without }),
  });
  const events = simulated(count, new Oracle(PARTITIONS), PARTITIONS);
  let moved = 0;
  const keysNow = async (): Promise<number> =>
    (await Promise.all(cluster.nodes.slice(1, 3).map(({ client }) => client.dbsize()))).reduce((a, b) => a + b, 0);
  let failovers = 0;
  try {
    await eventually('the consumer', () => consumer.output().includes('counting'));
    let faultCount = 0;
    // What is counted during a fault comes all through it: on a quick machine it was over before anything had moved.
    const sendings = events.length / (migrations + 2) / SENT_AT_ONCE;
    const paceMs = (STEPS * PAUSE_MS) / sendings;
    const sending = (async () => {
      for (let from = 0; from < events.length; from += SENT_AT_ONCE) {
        // Something is counted during each fault.
        await eventually('the next fault', () => from <= ((faultCount + 1) / (migrations + 2)) * events.length, 60_000);
        await sendAll(system, events.slice(from, from + SENT_AT_ONCE));
        await sleep(paceMs);
      }
    })();
    await eventually(
      'counting',
      async () => (await system.system.monitor().check()).tallies.get('events') !== undefined,
    );
    const before = await keysNow();
    for (let i = 0; i < migrations; i++) {
      const slot = Number(await cluster.nodes[0]?.client.call('CLUSTER', 'KEYSLOT', `{${i % SHARDS}}`));
      moved += await migrateSlot(cluster, slot, STEPS, PAUSE_MS);
      faultCount += 1;
    }
    if (failover) {
      await cluster.nodes[0]?.stop('SIGKILL');
      const replica = cluster.nodes[3]?.client;
      await eventually('the replica to take over', async () =>
        String(await replica?.call('ROLE')).startsWith('master'),
      );
      failovers += 1;
    }
    faultCount = migrations + 1;
    await sending;
    await expectAnswersOfLog(system, events, simulatedRange, 90_000);
    return { events: events.length, moved, newKeys: (await keysNow()) - before, failovers };
  } finally {
    await consumer.kill('SIGKILL');
    await system.close();
    await cluster.close();
  }
}

test('three nodes, eight shards: slots that move and a master that dies under load leave every answer exact', {
  timeout: 240_000,
}, async () => {
  const outcome = await runUnderFaults({ events: scaled(20_000, 200_000), migrations: SHARDS, failover: true });
  report('cluster', outcome);
  expect(outcome.moved).toBeGreaterThan(500);
  expect(outcome.newKeys).toBeGreaterThan(500);
  expect(outcome.failovers).toBe(1);
});

test('CONTROL: with keys that the script neither declares nor looks at beforehand, a slot that moves breaks answers', {
  timeout: 240_000,
}, async () => {
  await expect(
    runUnderFaults({ events: 20_000, migrations: 2 * SHARDS, failover: false, without: 'declared-keys' }),
  ).rejects.toThrow();
});
