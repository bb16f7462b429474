import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Admin, ITopicConfig } from 'kafkajs';
import { freePort } from '../../../docker/free-port.ts';
import { KAFKA_LIBS, type KafkaServer, startKafka } from '../../../docker/kafka/kafka-server.ts';
import { retry } from '../../../src/runtime/retry.ts';

export interface TestKafka {
  readonly broker: string;
  readonly server: KafkaServer | undefined;
  close(): Promise<void>;
}

interface TestKafkaOptions {
  readonly port?: number;
  /** Where clients are told to connect, which asks for a broker of one's own; its port where nothing else is said. */
  readonly advertisedPort?: number;
  /** Where its speed is measured. */
  readonly isLasting?: boolean;
}

/** KAFKA_BROKERS where it is set, else a real broker of the test's own. Never a mock, never skipped. */
export async function startTestKafka({
  port: ownPort,
  advertisedPort = ownPort,
  isLasting = false,
}: TestKafkaOptions = {}): Promise<TestKafka> {
  const given = process.env['KAFKA_BROKERS'];
  if (given && advertisedPort === undefined) return { broker: given, server: undefined, close: async () => undefined };
  if (!existsSync(KAFKA_LIBS)) throw new Error('no Kafka; run `npm test`, which provides one');
  const dir = mkdtempSync(join(tmpdir(), 'cartpulse-kafka-'));
  const port = ownPort ?? (await freePort());
  const server = await startKafka({
    dir,
    port,
    isBrief: !isLasting,
    ...(advertisedPort !== undefined && { advertisedPort }),
  });
  return {
    broker: server.broker,
    server,
    async close() {
      await server.stop('SIGKILL');
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** kafkajs waits for leaders of topics that a busy broker does not know yet, and gives up at that; this waits for both. */
export async function makeTopic(admin: Admin, topic: ITopicConfig): Promise<void> {
  await admin.createTopics({ topics: [topic], waitForLeaders: false });
  await retry(() => admin.fetchTopicOffsets(topic.topic), { attempts: 50, waitMs: () => 200, isWorthIt: () => true });
}
