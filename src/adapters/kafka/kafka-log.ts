import kafkajs, { type Admin, type Kafka, type Producer } from 'kafkajs';
import { within } from '../../ingestion/patience.ts';
import {
  type AppendOutcome,
  type Consumption,
  type DeadLetter,
  type EventLog,
  type LogAppend,
  type OutMessage,
  type OutTopic,
  type PartitionHandler,
  type PartitionId,
  type Position,
  type Purpose,
  partitionName,
  type ReplayedRecord,
} from '../../ingestion/ports.ts';
import type { Logger } from '../../log.ts';
import { brokerSocket } from './broker-socket.ts';
import { registerCodecs } from './codecs.ts';
import { IMPORT_HEADER } from './headers.ts';
import { KafkaConsumption } from './kafka-consumption.ts';
import { replayTopics } from './kafka-replay.ts';
import { PartitionProducer } from './partition-producer.ts';

/** Below the broker's default limit of 1 MiB for what one partition gets at once. */
const MAX_PUBLISH_BYTES = 700_000;
/** So long somebody who asks where the log ends waits for the broker. */
const PATIENCE_MS = 10_000;

export interface KafkaLogParts {
  readonly brokers: readonly string[];
  readonly topics: Readonly<Record<PartitionId['topic'] | OutTopic, string>>;
  readonly group: string;
  readonly partitions: number;
  readonly logger: Logger;
}

/** The topics don't fit this installation. */
export class TopicMismatch extends Error {
  readonly code = 'topic-mismatch';
  readonly retryable = false;
}

/** No broker answers. */
export class KafkaUnreachable extends Error {
  readonly code = 'kafka-unreachable';
  readonly retryable = true;
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
      await log.reaching(async () => {
        await log.admin.connect();
        await log.ensureTopics();
        await log.producer.connect();
      });
    } catch (error) {
      await log.admin.disconnect();
      throw error;
    }
    return log;
  }

  /** Whatever the client throws while a process starts, also in its own words for a broker that went away meanwhile, means this. */
  private async reaching(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (error instanceof TopicMismatch || isRefusal(error)) throw error;
      const why = error instanceof Error ? error.message : String(error);
      const { brokers } = this.parts;
      throw new KafkaUnreachable(
        `Kafka does not answer at ${brokers.join(', ')} (${why}); start it, or set KAFKA_BROKERS to where it is`,
      );
    }
  }

  /** Deletes the installation's topics; they are made anew at the next start. */
  static async deleteTopics(parts: KafkaLogParts): Promise<void> {
    const { admin, deadLetterTopic } = new KafkaLog(parts);
    await admin.connect();
    try {
      const existing = new Set(await admin.listTopics());
      const topics = [...Object.values(parts.topics), deadLetterTopic].filter((topic) => existing.has(topic));
      if (topics.length > 0) await admin.deleteTopics({ topics });
    } finally {
      await admin.disconnect();
    }
  }

  private get deadLetterTopic(): string {
    return `${this.parts.topics.events}.dlq`;
  }

  private async ensureTopics(): Promise<void> {
    const { topics, partitions, logger } = this.parts;
    const wanted = [
      { topic: topics.events, numPartitions: partitions },
      { topic: topics.inventory, numPartitions: partitions },
      { topic: topics.abandoned, numPartitions: partitions },
      { topic: topics.recovered, numPartitions: partitions },
      { topic: topics.actions, numPartitions: 1 },
      { topic: this.deadLetterTopic, numPartitions: 1 },
    ];
    const counted: readonly string[] = [topics.events, topics.inventory];
    const existing = new Set(await this.admin.listTopics());
    // A replay must see the arrival times that the first reading saw, so they come from the log.
    const configEntries = [{ name: 'message.timestamp.type', value: 'LogAppendTime' }];
    const absent = wanted.filter(({ topic }) => !existing.has(topic)).map((topic) => ({ ...topic, configEntries }));
    if (absent.length > 0) await this.admin.createTopics({ topics: absent, waitForLeaders: true });
    const { topics: found } = await this.admin.fetchTopicMetadata({ topics: wanted.map(({ topic }) => topic) });
    for (const { topic, numPartitions } of wanted) {
      const has = found.find(({ name }) => name === topic)?.partitions.length ?? 0;
      if (has !== numPartitions && counted.includes(topic)) {
        throw new TopicMismatch(
          `topic ${topic} has ${has} partitions, PARTITIONS says ${numPartitions}; set PARTITIONS=${has} or use another topic`,
        );
      }
    }
    if (absent.length > 0) logger.info({ topics: absent.map(({ topic }) => topic) }, 'made topics');
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
        await this.producer.send({ topic: this.deadLetterTopic, acks: -1, messages: part });
      }
    }
  }

  async publish(topic: OutTopic, messages: readonly OutMessage[]): Promise<void> {
    for (const some of withinBytes(messages, MAX_PUBLISH_BYTES))
      await this.producer.send({ topic: this.parts.topics[topic], acks: -1, messages: some });
  }

  /** A topic can't be changed: its retention forgets. */
  async forget(): Promise<void> {}

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
    await this.reaching(() => consumption.start());
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
    return within(PATIENCE_MS, this.fetchOffsets(which), () => {
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

/** A broker answered, and will say the same again. */
function isRefusal(error: unknown): boolean {
  if (error instanceof kafkajs.KafkaJSAggregateError) return true;
  return error instanceof kafkajs.KafkaJSProtocolError && !error.retriable;
}
