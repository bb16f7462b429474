import { type PartitionId, partitionName } from '../../events/partition.ts';
import { backoff, jittered } from '../../runtime/retry.ts';

/** A message may be of a hundred kilobytes: so many that nobody else waits long for what handles them. */
export const AT_ONCE = { messages: 500, bytes: 524_288 };
const PAUSES = { firstMs: 500, longestMs: 15_000 };

interface Draining {
  running: boolean;
  again: boolean;
  failures: number;
  notBeforeMs: number;
}

export interface DrainParts {
  /** Empties what waits of a partition, as far as it may. */
  readonly empty: (partition: PartitionId, signal: AbortSignal) => Promise<void>;
  readonly onFailure: (partition: PartitionId, error: unknown) => void;
  readonly now: () => number;
}

/** Empties a queue of each partition: one run at a time, another where something was added meanwhile, a later one after a failure. */
export class Drain {
  private readonly parts: DrainParts;
  private readonly partitions = new Map<string, Draining>();
  private readonly work = new Set<Promise<void>>();
  private readonly stopping = new AbortController();

  constructor(parts: DrainParts) {
    this.parts = parts;
  }

  /** Something may wait. Returns at once: counting does not wait for a broker. */
  kick(partition: PartitionId): void {
    const name = partitionName(partition);
    const draining = this.partitions.get(name) ?? { running: false, again: false, failures: 0, notBeforeMs: 0 };
    this.partitions.set(name, draining);
    if (this.stopping.signal.aborted || this.parts.now() < draining.notBeforeMs) return;
    if (draining.running) {
      draining.again = true;
      return;
    }
    draining.running = true;
    const work = this.drain(partition, draining).finally(() => {
      draining.running = false;
      this.work.delete(work);
    });
    this.work.add(work);
  }

  /** Waits for what is on its way. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await Promise.all(this.work);
  }

  private async drain(partition: PartitionId, draining: Draining): Promise<void> {
    const { empty, onFailure, now } = this.parts;
    const { signal } = this.stopping;
    try {
      do {
        draining.again = false;
        await empty(partition, signal);
      } while (draining.again && !signal.aborted);
      draining.failures = 0;
    } catch (error) {
      // The owner's next kick tries again: a loop here would go on publishing when another process owns the partition.
      draining.failures += 1;
      draining.notBeforeMs = now() + jittered(backoff(draining.failures, PAUSES));
      onFailure(partition, error);
    }
  }
}
