import { type PartitionId, partitionName } from '../../events/partition.ts';
import type { Logger } from '../../runtime/logger.ts';
import type { EventLog } from '../ports/event-log.ts';
import type { OutboxStore } from '../ports/outbox-store.ts';
import { Drain } from './drain.ts';
import { MessagePublisher, type MessagePublisherParts } from './message-publisher.ts';
import { RecordPublisher } from './record-publisher.ts';

export interface OutboxPublisherParts extends MessagePublisherParts {
  /** Records for other partitions. */
  readonly records: OutboxStore;
  readonly log: Pick<EventLog, 'publish' | 'append' | 'partitions'>;
  readonly now: () => number;
  readonly logger: Logger;
}

/**
 * Publishes what a partition's commits left in its outboxes: records for other partitions join the log at once, messages about carts their
 * topics when they are sure. Called by the partition's owner, so that there is one publisher for each; what waits is taken off only when
 * it has been acknowledged, so that nothing is lost when the process dies in between.
 */
export class OutboxPublisher {
  private readonly drains: readonly Drain[];

  constructor(parts: OutboxPublisherParts) {
    const { records, log, now, logger } = parts;
    const onFailure = (partition: PartitionId, error: unknown): void => {
      const details = { partition: partitionName(partition), error: String(error) };
      logger.warn(details, 'what counting has to tell others waits to be published');
    };
    const publishers = [new RecordPublisher(records, log), new MessagePublisher(parts)];
    this.drains = publishers.map(
      (publisher) => new Drain({ empty: (partition, signal) => publisher.empty(partition, signal), onFailure, now }),
    );
  }

  /** Something may wait. Returns at once: counting does not wait for a broker. */
  kick(partition: PartitionId): void {
    for (const drain of this.drains) drain.kick(partition);
  }

  /** Waits for what is on its way. */
  async stop(): Promise<void> {
    await Promise.all(this.drains.map((drain) => drain.stop()));
  }
}
