import { type PartitionId, partitionName } from '../../../src/events/partition.ts';
import { PartitionLost } from '../../../src/ingestion/interruptions.ts';
import type { EventLog, LogRecord, PartitionHandler, Position } from '../../../src/ingestion/ports/event-log.ts';
import { recordsOf } from './still-log.ts';

/** A store in memory that counts as the real one does: a position for each partition, and an owner epoch. */
export class Shelf {
  readonly positions = new Map<string, Position>();
  readonly records = new Map<string, LogRecord[]>();
  readonly epochs = new Map<string, number>();
  refused = 0;

  handler(
    log: EventLog,
    onBatch: (partition: PartitionId, records: readonly LogRecord[]) => Promise<void> | void = () => undefined,
  ): PartitionHandler {
    const mine = new Map<string, number>();
    return {
      claim: async (partition) => {
        const name = partitionName(partition);
        mine.set(name, (this.epochs.get(name) ?? 0) + 1);
        this.epochs.set(name, mine.get(name) ?? 0);
        return this.positions.get(name) ?? log.start;
      },
      process: async (partition, batch) => {
        const name = partitionName(partition);
        const records = recordsOf(batch);
        await onBatch(partition, records);
        if (mine.get(name) !== this.epochs.get(name)) {
          this.refused += 1;
          throw new PartitionLost(name);
        }
        const [first, last] = [records[0], records.at(-1)];
        const stands = this.positions.get(name) ?? log.start;
        // As the real store does: what lies behind where counting stands is not counted again.
        if (first !== undefined && log.distance(stands, first.position) < 0) return stands;
        this.records.set(name, [...(this.records.get(name) ?? []), ...records]);
        if (last) this.positions.set(name, last.next);
        return this.positions.get(name) ?? log.start;
      },
      idle: async (partition) => this.positions.get(partitionName(partition)) ?? log.start,
      skip: async (_, to) => to,
      release: () => undefined,
    };
  }

  all(): LogRecord[] {
    return [...this.records.values()].flat();
  }

  values(): string[] {
    return this.all().map(({ value }) => Buffer.from(value ?? '').toString());
  }
}
