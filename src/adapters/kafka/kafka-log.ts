import kafkajs, { type Admin, type Kafka, type Producer } from 'kafkajs';
import { type PartitionId, partitionName } from '../../events/partition.ts';
import type {
  AppendOutcome,
  Consumption,
  DeadLetter,
  EventLog,
  LogAppend,
  OutMessage,
  OutTopic,
  PartitionHandler,
  Position,
  Purpose,
  ReplayedRecord,
} from '../../ingestion/ports/event-log.ts';
import type { Logger } from '../../runtime/logger.ts';
import { withTimeout } from '../../runtime/with-timeout.ts';
import { brokerSocket } from './broker-socket.ts';
import { registerCodecs } from './codecs.ts';
import { KafkaUnreachable, reaching } from './connect.ts';
import { IMPORT_HEADER } from './headers.ts';
import { KafkaConsumption } from './kafka-consumption.ts';
import { replayTopics } from './kafka-replay.ts';
import { deadLetterTopic, deleteTopics, ensureTopics, type Topics } from './kafka-topics.ts';
import { PartitionProducer } from './partition-producer.ts';

/** Below the broker's default limit of 1 MiB for what one partition gets at once. */
const MAX_PUBLISH_BYTES = 700_000;
/** So long somebody who asks where the log ends waits for the broker. */
const TIMEOUT_MS = 10_000;

export interface KafkaLogParts {
  readonly brokers: readonly string[];
  readonly topics: Topics;
  readonly group: string;
  readonly partitions: number;
  readonly logger: Logger;
}

/** Kafka as the event log. */
export class KafkaLog implements EventLog {
  readonly partitions: readonly PartitionId[];
  readonly start = '0' as Position;
  private readonly parts: KafkaLogParts;
  private readonly kafka: Kafka;
  private readonly admin: Admin;
  private readonly producer: Producer;
  private readonly producers = new Map<string, PartitionProducer>();

  private constructor(parts: KafkaLogParts) {
    registerCodecs();
    this.parts = parts;
    this.partitions = (['events', 'inventory'] as const).flatMap((topic) =>
      Array.from({ length: parts.partitions }, (_, index) => ({ topic, index })),
    );
    this.kafka = new kafkajs.Kafka({
      clientId: 'cartpulse',
      brokers: [...parts.brokers],
      connectionTimeout: 5_000,
      socketFactory: brokerSocket,
      requestTimeout: 10_000,
      retry: { initialRetryTime: 100, maxRetryTime: 2_000, retries: 6 },
      logCreator: () => logTo(parts.logger),
    });
    this.admin = this.kafka.admin();
    // Its idempotent producer loses acknowledged data (docs/decisions), so a retry may double; event ids take that off.
    // Partitions wait for themselves only: each has one request in flight (`PartitionProducer`).
    this.producer = this.kafka.producer({ idempotent: false, allowAutoTopicCreation: false });
  }

  /** Connects, and makes the topics that are absent. @throws TopicMismatch, KafkaUnreachable */
  static async open(parts: KafkaLogParts): Promise<KafkaLog> {
    const log = new KafkaLog(parts);
    try {
      await reaching(parts.brokers, async () => {
        await log.admin.connect();
        await ensureTopics(log.admin, parts.topics, parts.partitions, parts.logger);
        await log.producer.connect();
      });
    } catch (error) {
      await log.admin.disconnect();
      throw error;
    }
    return log;
  }

  /** Deletes the installation's topics; they are made anew at the next start. */
  static async deleteTopics(parts: KafkaLogParts): Promise<void> {
    const { admin } = new KafkaLog(parts);
    await admin.connect();
    try {
      await deleteTopics(admin, parts.topics);
    } finally {
      await admin.disconnect();
    }
  }

  async append(records: readonly LogAppend[]): Promise<AppendOutcome[]> {
    return Promise.all(
      records.map(({ partition, key, value, importId }) => {
        const headers = importId === undefined ? {} : { headers: { [IMPORT_HEADER]: importId } };
        return this.producerOf(partition).append({ key, value, ...headers }, value.length * 3 + 100);
      }),
    );
  }

  private producerOf(partition: PartitionId): PartitionProducer {
    const name = partitionName(partition);
    const known = this.producers.get(name);
    if (known) return known;
    const made = new PartitionProducer(this.producer, this.parts.topics[partition.topic], partition.index);
    this.producers.set(name, made);
    return made;
  }

  async deadLetter(letters: readonly DeadLetter[]): Promise<void> {
    const messages = letters.map(({ partition, record, reason }) => ({
      key: record.key,
      value: record.value === null ? null : Buffer.from(record.value),
      headers: {
        reason,
        topic: this.parts.topics[partition.topic],
        partition: String(partition.index),
        offset: record.position,
      },
    }));
    // A few at a time: a message may be as large as the broker takes.
    for (let from = 0; from < messages.length; from += 10) {
      const some = messages.slice(from, from + 10);
      const large = some.some(({ value }) => (value?.byteLength ?? 0) > 50_000);
      for (const part of large ? some.map((one) => [one]) : [some]) {
        await this.producer.send({ topic: deadLetterTopic(this.parts.topics), acks: -1, messages: part });
      }
    }
  }

  async publish(topic: OutTopic, messages: readonly OutMessage[]): Promise<void> {
    for (const some of withinBytes(messages, MAX_PUBLISH_BYTES))
      await this.producer.send({ topic: this.parts.topics[topic], acks: -1, messages: some });
  }

  /** A topic can't be changed: its retention forgets. */
  async eraseUser(): Promise<void> {}

  async consume(handler: PartitionHandler, purpose: Purpose = 'count'): Promise<Consumption> {
    const { topics, group, logger } = this.parts;
    const consumption = new KafkaConsumption({
      kafka: this.kafka,
      admin: this.admin,
      topics: { events: topics.events, inventory: topics.inventory },
      group: purpose === 'count' ? group : `${group}.rebuild`,
      partitions: this.partitions,
      handler,
      logger,
    });
    await reaching(this.parts.brokers, () => consumption.start());
    return consumption;
  }

  replay(from: ReadonlyMap<string, Position>, until: ReadonlyMap<string, Position>): AsyncIterable<ReplayedRecord> {
    const { topics } = this.parts;
    return replayTopics({ kafka: this.kafka, topics, partitions: this.partitions, from, until });
  }

  async consumers(): Promise<number> {
    const { groups } = await this.admin.describeGroups([this.parts.group]);
    return groups.reduce((sum, { members }) => sum + members.length, 0);
  }

  async begins(): Promise<Map<string, Position>> {
    return this.offsets(({ low }) => low);
  }

  async ends(): Promise<Map<string, Position>> {
    return this.offsets(({ high }) => high);
  }

  private offsets(which: (of: { low: string; high: string }) => string): Promise<Map<string, Position>> {
    return withTimeout(TIMEOUT_MS, this.fetchOffsets(which), () => {
      throw new KafkaUnreachable(`Kafka does not answer at ${this.parts.brokers.join(', ')}`);
    });
  }

  private async fetchOffsets(which: (of: { low: string; high: string }) => string): Promise<Map<string, Position>> {
    const found = new Map<string, Position>();
    for (const topic of ['events', 'inventory'] as const)
      for (const offsets of await this.admin.fetchTopicOffsets(this.parts.topics[topic]))
        found.set(partitionName({ topic, index: offsets.partition }), which(offsets) as Position);
    return found;
  }

  distance(from: Position, to: Position): number {
    return Number(BigInt(to) - BigInt(from));
  }

  describe(position: Position): string {
    return position;
  }

  async close(): Promise<void> {
    await Promise.all([this.producer.disconnect(), this.admin.disconnect()]);
  }
}

/** Runs of messages that a broker takes in one request; one that is larger by itself goes alone. */
function withinBytes(messages: readonly OutMessage[], maxBytes: number): OutMessage[][] {
  const runs: OutMessage[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const message of messages) {
    const own = Buffer.byteLength(message.value) + 200;
    if (bytes + own > maxBytes) {
      runs.push([]);
      bytes = 0;
    }
    runs.at(-1)?.push(message);
    bytes += own;
  }
  return runs;
}

function logTo(logger: Logger) {
  const { logLevel } = kafkajs;
  return ({ level, log }: { level: number; log: { message: string } }): void => {
    const { message, ...details } = log;
    if (level === logLevel.ERROR) logger.warn({ ...details, stack: undefined }, `kafka: ${message}`);
    else logger.debug(details, `kafka: ${message}`);
  };
}
