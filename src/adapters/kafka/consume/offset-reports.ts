import { Mutex } from 'async-mutex';
import type { Consumer } from 'kafkajs';
import type { PartitionId } from '../../../events/partition.ts';
import type { Position } from '../../../ingestion/ports/event-log.ts';
import type { Logger } from '../../../runtime/logger.ts';

export interface Counted {
  readonly partition: PartitionId;
  readonly position: Position;
  /** What Kafka was told last. */
  reported: Position | undefined;
}

/** Tells Kafka how far partitions are counted, so that lag can be seen from outside; nothing else depends on it. */
export class OffsetReports {
  private readonly topics: Readonly<Record<PartitionId['topic'], string>>;
  private readonly logger: Logger;
  /** One at a time: a report that the client sends again would undo a later one. */
  private readonly turns = new Mutex();

  constructor(topics: Readonly<Record<PartitionId['topic'], string>>, logger: Logger) {
    this.topics = topics;
    this.logger = logger;
  }

  /** Resolves when all that was counted before the call is reported, or can't be. */
  async report(consumer: Pick<Consumer, 'commitOffsets'>, counted: Iterable<Counted>): Promise<void> {
    await this.turns.runExclusive(() => this.send(consumer, [...counted]));
  }

  /** As `report`, unless one is on its way: the next one carries it. */
  async reportSoon(consumer: Pick<Consumer, 'commitOffsets'>, counted: Iterable<Counted>): Promise<void> {
    if (!this.turns.isLocked()) await this.report(consumer, counted);
  }

  private async send(consumer: Pick<Consumer, 'commitOffsets'>, counted: readonly Counted[]): Promise<void> {
    const changed = counted
      .filter(({ reported, position }) => reported !== position)
      .map((one) => ({ one, position: one.position }));
    if (changed.length === 0) return;
    const offsets = changed.map(({ one: { partition }, position }) => ({
      topic: this.topics[partition.topic],
      partition: partition.index,
      offset: position,
    }));
    try {
      await consumer.commitOffsets(offsets);
      for (const { one, position } of changed) one.reported = position;
    } catch (error) {
      // The next report carries it again.
      this.logger.debug({ error: String(error) }, 'offsets could not be reported to Kafka');
    }
  }
}
