import { randomUUID } from 'node:crypto';
import { type PartitionId, partitionName } from '../../events/partition.ts';
import { namedIn } from '../../fold/carts/cart-message.ts';
import { mergeByArrival } from '../../ingestion/merge-by-arrival.ts';
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
import type { Headroom } from '../../ingestion/ports/headroom.ts';
import type { Keyspace } from '../../metrics/keyspace.ts';
import { messageOf } from '../../runtime/errors.ts';
import type { Logger } from '../../runtime/logger.ts';
import { type RedisClient, runPipeline } from '../redis/client/connection.ts';
import { packRecords } from './packed-records.ts';
import { offsetOf, START } from './position.ts';
import { countConsumers, StreamsConsumption } from './streams-consumption.ts';
import { firstOf, positionOf, readRange } from './streams-reading.ts';

const DEAD_LETTERS_KEPT = 10_000;
/** A message about a cart may take a hundred kilobytes, a dead letter a megabyte. */
const ENTRIES_AT_A_TIME = 100;
/** What goes out, by its stream's name and how much of it is kept: an hour of actions, and carts for a good while. */
const OUT = {
  abandoned: { name: 'carts.abandoned', kept: 100_000 },
  recovered: { name: 'carts.recovered', kept: 100_000 },
  actions: { name: 'actions.5s', kept: 720 },
} as const;

interface StreamsLogParts {
  readonly redis: RedisClient;
  /** Opens a connection for blocking reads. */
  readonly connect: () => RedisClient;
  readonly keyspace: Keyspace;
  readonly partitions: number;
  /** What has been counted is kept for so long before it is trimmed. */
  readonly retentionMs: number;
  /** How often the owner of a partition looks for what may be trimmed. */
  readonly trimEveryMs?: number;
  readonly logger: Logger;
  /** Nothing is taken in while there is none: the log lies in the same Redis as the answers. */
  readonly headroom?: Headroom;
}

/** The embedded event log: a Redis stream for each partition, as durable as its Redis (`appendfsync always`). */
export class StreamsLog implements EventLog {
  readonly partitions: readonly PartitionId[];
  readonly start = START;
  private readonly parts: StreamsLogParts;

  constructor(parts: StreamsLogParts) {
    this.parts = parts;
    this.partitions = (['events', 'inventory'] as const).flatMap((topic) =>
      Array.from({ length: parts.partitions }, (_, index) => ({ topic, index })),
    );
  }

  async append(records: readonly LogAppend[]): Promise<AppendOutcome[]> {
    const full = this.parts.headroom?.full();
    if (full !== undefined) return records.map(() => ({ outcome: 'failed', reason: full }));
    const outcomes: AppendOutcome[] = records.map(() => ({ outcome: 'acknowledged' }));
    await Promise.all(
      groupByPartition(records).map(async ({ partition, importId, members }) => {
        const payload = packRecords(members.map(({ record }) => record));
        const key = (part: 'entries' | 'end') => this.parts.keyspace.log(partition.topic, partition.index, part);
        try {
          await this.parts.redis.appendBatch(key('entries'), key('end'), members.length, payload, importId ?? '');
        } catch (error) {
          for (const { index } of members) outcomes[index] = { outcome: 'failed', reason: messageOf(error) };
        }
      }),
    );
    return outcomes;
  }

  async deadLetter(letters: readonly DeadLetter[]): Promise<void> {
    const key = this.parts.keyspace.deadLetterStream();
    const pipeline = this.parts.redis.pipeline();
    for (const { partition, record, reason } of letters) {
      const fields = {
        reason,
        topic: partition.topic,
        partition: partition.index,
        offset: this.describe(record.position),
        message: Buffer.from(record.value ?? ''),
      };
      pipeline.xadd(key, 'MAXLEN', '~', DEAD_LETTERS_KEPT, '*', ...Object.entries(fields).flat());
    }
    await runPipeline(pipeline);
  }

  async publish(topic: OutTopic, messages: readonly OutMessage[]): Promise<void> {
    const { name, kept } = OUT[topic];
    const pipeline = this.parts.redis.pipeline();
    for (const { key, value } of messages)
      pipeline.xadd(this.parts.keyspace.outStream(name), 'MAXLEN', '~', kept, '*', 'key', key, 'value', value);
    await runPipeline(pipeline);
  }

  /** Out of the streams that go out; the log's own entries go with their retention. */
  async eraseUser(userId: string): Promise<void> {
    const { redis, keyspace } = this.parts;
    const needle = namedIn(userId);
    for (const { name } of [OUT.abandoned, OUT.recovered]) {
      const key = keyspace.outStream(name);
      for (let from = '-'; ; ) {
        const entries = await redis.xrange(key, from, '+', 'COUNT', ENTRIES_AT_A_TIME);
        const ids = entries.filter(([, [, , , value = '']]) => value.includes(needle)).map(([id]) => id);
        if (ids.length > 0) await redis.xdel(key, ...ids);
        const last = entries.at(-1)?.[0];
        if (last === undefined || entries.length < ENTRIES_AT_A_TIME) break;
        from = `(${last}`;
      }
    }
    await this.eraseDeadLetters(JSON.stringify(userId));
  }

  /** A dead letter may be anything: where the name stands in it as a text, it goes. Read in steps: each may have a megabyte. */
  private async eraseDeadLetters(needle: string): Promise<void> {
    const { redis, keyspace } = this.parts;
    const key = keyspace.deadLetterStream();
    for (let from = '-'; ; ) {
      const entries = await redis.xrange(key, from, '+', 'COUNT', ENTRIES_AT_A_TIME);
      const ids = entries.filter(([, fields]) => fields.some((text) => text.includes(needle))).map(([id]) => id);
      if (ids.length > 0) await redis.xdel(key, ...ids);
      const last = entries.at(-1);
      if (last === undefined || entries.length < ENTRIES_AT_A_TIME) return;
      from = `(${last[0]}`;
    }
  }

  async consume(handler: PartitionHandler, purpose: Purpose = 'count'): Promise<Consumption> {
    const { redis, connect, keyspace, retentionMs, trimEveryMs = 10_000, logger } = this.parts;
    const parts = {
      redis,
      connect,
      keyspace,
      retentionMs,
      trimEveryMs,
      logger,
      handler,
      purpose,
      partitions: this.partitions,
      consumer: randomUUID(),
    };
    const consumption = new StreamsConsumption(parts);
    consumption.start();
    return consumption;
  }

  async *replay(
    from: ReadonlyMap<string, Position>,
    until: ReadonlyMap<string, Position>,
  ): AsyncGenerator<ReplayedRecord> {
    const { redis, keyspace } = this.parts;
    yield* mergeByArrival(
      this.partitions.map((partition) => {
        const name = partitionName(partition);
        const key = keyspace.log(partition.topic, partition.index, 'entries');
        return readRange(redis, key, partition, from.get(name) ?? START, until.get(name) ?? START);
      }),
    );
  }

  async consumers(): Promise<number> {
    return countConsumers(this.parts.redis, this.parts.keyspace.installation('duties'));
  }

  async begins(): Promise<Map<string, Position>> {
    const { redis, keyspace } = this.parts;
    const firsts = await Promise.all(
      this.partitions.map(({ topic, index }) => firstOf(redis, keyspace.log(topic, index, 'entries'))),
    );
    const ends = await this.ends();
    return new Map(
      this.partitions.map((partition, i) => {
        const name = partitionName(partition);
        return [name, firsts[i] ?? ends.get(name) ?? START];
      }),
    );
  }

  async ends(): Promise<Map<string, Position>> {
    const { redis, keyspace } = this.parts;
    const ends = await Promise.all(
      this.partitions.map(({ topic, index }) => redis.get(keyspace.log(topic, index, 'end'))),
    );
    return new Map(this.partitions.map((partition, i) => [partitionName(partition), (ends[i] ?? START) as Position]));
  }

  distance(from: Position, to: Position): number {
    return offsetOf(to) - offsetOf(from);
  }

  positionAt({ topic, index }: PartitionId, place: number): Promise<Position> {
    const { redis, keyspace } = this.parts;
    return positionOf(redis, keyspace.log(topic, index, 'entries'), place);
  }

  describe(position: Position): string {
    return String(offsetOf(position));
  }

  async close(): Promise<void> {
    // The connection belongs to whoever made it.
  }
}

interface Group {
  readonly partition: PartitionId;
  readonly importId: string | undefined;
  readonly members: { readonly index: number; readonly record: LogAppend }[];
}

function groupByPartition(records: readonly LogAppend[]): Group[] {
  const groups = new Map<string, Group>();
  for (const [index, record] of records.entries()) {
    const name = `${partitionName(record.partition)}/${record.importId ?? ''}`;
    const group = groups.get(name) ?? { partition: record.partition, importId: record.importId, members: [] };
    group.members.push({ index, record });
    groups.set(name, group);
  }
  return [...groups.values()];
}
