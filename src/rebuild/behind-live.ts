import { setTimeout as sleep } from 'node:timers/promises';
import type { PartitionId } from '../events/partition.ts';
import type { EventLog, PartitionHandler, Position, RecordBatch } from '../ingestion/ports/event-log.ts';

/** So long nothing is asked for once all that was counted live is folded. */
const PAUSE_MS = 200;

/** How far a partition may be folded. */
export type Limit = (partition: PartitionId) => Promise<Position | undefined>;

/**
 * Hands a rebuild what the live answers have counted already, and no more: what is said about carts while rebuilding is
 * muted, so it must have been said by those who count live.
 */
export class BehindLive implements PartitionHandler {
  private readonly worker: PartitionHandler;
  private readonly limit: Limit;
  private readonly log: Pick<EventLog, 'distance'>;
  private readonly reached = new Map<PartitionId, Position>();

  constructor(worker: PartitionHandler, limit: Limit, log: Pick<EventLog, 'distance'>) {
    this.worker = worker;
    this.limit = limit;
    this.log = log;
  }

  async claim(partition: PartitionId): Promise<Position> {
    return this.keep(partition, await this.worker.claim(partition));
  }

  async process(partition: PartitionId, records: RecordBatch): Promise<Position> {
    const limit = await this.limit(partition);
    const counted = limit === undefined ? 0 : this.countUpTo(limit, records);
    if (counted > 0) return this.keep(partition, await this.worker.process(partition, records.slice(0, counted)));
    await sleep(PAUSE_MS);
    return this.reached.get(partition) ?? this.claim(partition);
  }

  /** Ticks are for those who count live to append. */
  async idle(partition: PartitionId): Promise<Position | undefined> {
    return this.reached.get(partition);
  }

  async skip(partition: PartitionId, to: Position, missing: number): Promise<Position> {
    return this.keep(partition, await this.worker.skip(partition, to, missing));
  }

  release(partition: PartitionId): void {
    this.worker.release(partition);
  }

  /** How many of the records lie before the limit. */
  private countUpTo(limit: Position, records: RecordBatch): number {
    let count = records.length;
    while (count > 0 && this.log.distance(records.nextOf(count - 1), limit) < 0) count -= 1;
    return count;
  }

  private keep(partition: PartitionId, position: Position): Position {
    this.reached.set(partition, position);
    return position;
  }
}
