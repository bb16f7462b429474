import { randomUUID } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import type { Consumer, Kafka } from 'kafkajs';
import { type PartitionId, partitionName } from '../../../events/partition.ts';
import { mergeByArrival } from '../../../ingestion/merge-by-arrival.ts';
import type { Position, RecordBatch, ReplayedRecord } from '../../../ingestion/ports/event-log.ts';
import { readRecords } from '../fetch/kafka-records.ts';
import { toStoredBatches } from '../fetch/stored-batch.ts';

/** Records that one partition may run ahead of the others. */
const AHEAD = 5_000;

interface ReplayParts {
  readonly kafka: Pick<Kafka, 'consumer'>;
  readonly topics: Readonly<Record<PartitionId['topic'], string>>;
  readonly partitions: readonly PartitionId[];
  readonly from: ReadonlyMap<string, Position>;
  readonly until: ReadonlyMap<string, Position>;
}

/** What has been read of one partition and not been asked for yet. */
class Backlog {
  readonly partition: PartitionId;
  readonly until: number;
  readonly records: ReplayedRecord[] = [];
  readonly arrived = new EventEmitter();
  paused = false;
  private next: number;
  private failure: Error | undefined;

  constructor(partition: PartitionId, from: Position, until: Position) {
    this.partition = partition;
    this.next = Number(from);
    this.until = Number(until);
  }

  get done(): boolean {
    return this.next >= this.until;
  }

  /** Where reading goes on. */
  get offset(): number {
    return this.next;
  }

  /**
   * What was taken before is left out: it may be handed out again.
   * @param end behind what was read: offsets have gaps, so the last record may lie before where reading ends
   */
  take(records: RecordBatch, end: number): void {
    for (let i = 0; i < records.length; i += 1) {
      const at = Number(records.positionOf(i));
      if (at >= this.next && at < this.until)
        this.records.push({ partition: this.partition, record: records.record(i) });
    }
    if (end > this.next) this.next = end;
    this.arrived.emit('more');
  }

  fail(error: Error): void {
    this.failure = error;
    this.arrived.emit('more');
  }

  /** @throws what kept the reader from going on */
  async more(): Promise<void> {
    if (this.failure !== undefined) throw this.failure;
    await once(this.arrived, 'more');
    if (this.failure !== undefined) throw this.failure;
  }
}

/** Reads topics from and to given offsets with a consumer of its own, partitions that run ahead being paused. */
export async function* replayTopics(parts: ReplayParts): AsyncGenerator<ReplayedRecord> {
  const { kafka, topics } = parts;
  const backlogs = backlogsOf(parts);
  const consumer = kafka.consumer({ groupId: `cartpulse-replay-${randomUUID()}`, maxWaitTimeInMs: 100 });
  const topicOf = ({ topic }: PartitionId): string => topics[topic];
  // Also in the middle, when the group is shared anew: Kafka itself would begin at the beginning again.
  consumer.on(consumer.events.GROUP_JOIN, () => {
    for (const { partition, offset } of backlogs.values())
      consumer.seek({ topic: topicOf(partition), partition: partition.index, offset: String(offset) });
  });
  // One that starts again by itself goes on; one that does not would be waited for without end.
  consumer.on(consumer.events.CRASH, ({ payload: { error, restart } }) => {
    if (!restart) for (const backlog of backlogs.values()) backlog.fail(error);
  });
  await consumer.connect();
  try {
    await readInto(backlogs, consumer, topics);
    yield* mergeByArrival(
      [...backlogs.values()].map((backlog) => drain(backlog, consumer, topicOf(backlog.partition))),
    );
  } finally {
    await consumer.disconnect();
  }
}

function backlogsOf({ partitions, from, until }: ReplayParts): Map<string, Backlog> {
  const start = '0' as Position;
  return new Map(
    partitions.map((partition) => {
      const name = partitionName(partition);
      return [name, new Backlog(partition, from.get(name) ?? start, until.get(name) ?? start)];
    }),
  );
}

async function readInto(
  backlogs: ReadonlyMap<string, Backlog>,
  consumer: Consumer,
  topics: ReplayParts['topics'],
): Promise<void> {
  await consumer.subscribe({ topics: [topics.events, topics.inventory], fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    eachBatch: async ({ batch, resolveOffset }) => {
      const topic = batch.topic === topics.events ? 'events' : 'inventory';
      const backlog = backlogs.get(partitionName({ topic, index: batch.partition }));
      if (backlog === undefined) return;
      const records = await readRecords(toStoredBatches(batch.messages), backlog.offset);
      backlog.take(records, Number(batch.lastOffset()) + 1);
      resolveOffset(batch.lastOffset());
      if (!backlog.done && backlog.records.length < AHEAD) return;
      backlog.paused = true;
      consumer.pause([{ topic: batch.topic, partitions: [batch.partition] }]);
    },
  });
}

async function* drain(backlog: Backlog, consumer: Consumer, topic: string): AsyncGenerator<ReplayedRecord> {
  for (;;) {
    for (const record of backlog.records.splice(0)) yield record;
    if (backlog.done && backlog.records.length === 0) return;
    if (backlog.paused) {
      backlog.paused = false;
      consumer.resume([{ topic, partitions: [backlog.partition.index] }]);
    }
    if (backlog.records.length === 0) await backlog.more();
  }
}
