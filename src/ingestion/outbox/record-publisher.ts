import type { PartitionId } from '../../events/partition.ts';
import { partitionOf } from '../../events/partitioner.ts';
import { parseOutgoing } from '../../fold/links/outgoing.ts';
import type { EventLog } from '../ports/event-log.ts';
import type { OutboxStore } from '../ports/outbox-store.ts';
import { AT_ONCE } from './drain.ts';

/** The log does not take a record at the moment. */
class LogRefused extends Error {
  readonly code = 'log-refused';
  readonly retryable = true;
}

/** What partitions have to tell each other joins the log: in its order, as far as the log takes it. */
export class RecordPublisher {
  private readonly records: OutboxStore;
  private readonly log: Pick<EventLog, 'append' | 'partitions'>;

  constructor(records: OutboxStore, log: Pick<EventLog, 'append' | 'partitions'>) {
    this.records = records;
    this.log = log;
  }

  async empty(partition: PartitionId, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const texts = await this.records.waiting(partition, AT_ONCE);
      if (texts.length === 0) return;
      await this.append(partition, texts);
    }
  }

  private async append(partition: PartitionId, texts: readonly string[]): Promise<void> {
    const { records, log } = this;
    const partitions = log.partitions.filter(({ topic }) => topic === 'events').length;
    const appends = texts.map((text) => {
      const { to, key, value } = parseOutgoing(text);
      return { partition: { topic: 'events', index: partitionOf(to, partitions) } as const, key, value };
    });
    const outcomes = await log.append(appends);
    const taken = texts.filter((_, i) => outcomes[i]?.outcome === 'acknowledged');
    if (taken.length > 0) await records.remove(partition, taken);
    const failed = outcomes.find(({ outcome }) => outcome === 'failed');
    if (failed?.outcome === 'failed') throw new LogRefused(failed.reason);
  }
}
