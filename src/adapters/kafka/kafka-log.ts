import type { Admin, Kafka, Producer } from 'kafkajs';
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
import { type KafkaSecurity, KafkaUnreachable, kafkaClient, reaching } from './client/connect.ts';
import { KafkaConsumption } from './consume/consumption.ts';
import { replayTopics } from './consume/replay.ts';
import { PartitionProducer } from './produce/partition-producer.ts';
import { type OutgoingMessage, toRequests } from './produce/requests.ts';
import { toMessage } from './record.ts';
import { deadLetterTopic, deleteTopics, ensureTopics, type Topics } from './topics.ts';

/** So long somebody who asks where the log ends waits for the broker. */
const TIMEOUT_MS = 10_000;

export interface KafkaLogParts {
  readonly brokers: readonly string[];
  /** Absent: as they are, in plain text and without a user. */
  readonly security?: KafkaSecurity;
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
  private opened = false;
  private readonly kafka: Kafka;
  private readonly admin: Admin;
  private readonly producer: Producer;
  private readonly producers = new Map<string, PartitionProducer>();

  private constructor(parts: KafkaLogParts) {
    this.parts = parts;
    this.partitions = (['events', 'inventory'] as const).flatMap((topic) =>
      Array.from({ length: parts.partitions }, (_, index) => ({ topic, index })),
    );
    this.kafka = kafkaClient(parts, parts.logger, () => this.opened);
    this.admin = this.kafka.admin();
    // Its idempotent producer loses acknowledged data (docs/decisions), so a retry may double; event ids take that off.
    // Partitions wait for themselves only: each has one request in flight (`PartitionProducer`).
    this.producer = this.kafka.producer({ idempotent: false, allowAutoTopicCreation: false });
  }

  /** Connects, and makes the topics that are absent. @throws TopicMismatch, KafkaUnreachable */
  static async open(parts: KafkaLogParts): Promise<KafkaLog> {
    const log = new KafkaLog(parts);
    try {
      await reaching(parts, async () => {
        await log.admin.connect();
        await ensureTopics(log.admin, parts.topics, parts.partitions, parts.logger);
        await log.producer.connect();
      });
      log.opened = true;
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
      records.map((record) => {
        // A character of a text takes at most three bytes.
        return this.producerOf(record.partition).append(toMessage(record), record.value.length * 3 + 100);
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
    await this.send(deadLetterTopic(this.parts.topics), messages);
  }

  async publish(topic: OutTopic, messages: readonly OutMessage[]): Promise<void> {
    await this.send(this.parts.topics[topic], messages);
  }

  private async send(topic: string, messages: readonly OutgoingMessage[]): Promise<void> {
    for (const request of toRequests(messages)) await this.producer.send({ topic, acks: -1, messages: request });
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
    await reaching(this.parts, () => consumption.start());
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

  async positionAt(_partition: PartitionId, place: number): Promise<Position> {
    return String(place) as Position;
  }

  describe(position: Position): string {
    return position;
  }

  async close(): Promise<void> {
    await Promise.all([this.producer.disconnect(), this.admin.disconnect()]);
  }
}
