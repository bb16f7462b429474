import type { Acceptor, Submitted } from '../ingestion/acceptor.ts';
import { closeRecord } from '../ingestion/control-records.ts';
import type { EventLog } from '../ingestion/ports/event-log.ts';
import { isRetryable } from '../runtime/errors.ts';
import { backoff, retry } from '../runtime/retry.ts';

const ATTEMPTS = 5;
const FIRST_WAIT_MS = 200;

interface LaneParts {
  readonly acceptor: Acceptor;
  readonly log: EventLog;
  readonly sleep: (ms: number) => Promise<void>;
}

/** The log has not acknowledged all that it was given. */
class NotTaken extends Error {
  readonly code = 'not-taken';
  readonly retryable = true;
}

/** A lane of its own for events that come from no file. What is sent again is known by its `event_id`. */
export class MadeLane {
  private readonly parts: LaneParts;
  private readonly importId: string;

  constructor(parts: LaneParts, importId: string) {
    this.parts = parts;
    this.importId = importId;
  }

  /** @throws NotTaken where the log does not take all after some attempts */
  async append(events: readonly unknown[]): Promise<void> {
    let left = events.map((value): Submitted => ({ outcome: 'json', value }));
    await this.untilTaken(async () => {
      const { rejected } = await this.parts.acceptor.accept(left, this.importId);
      left = rejected.filter(({ retryable }) => retryable).flatMap(({ index }) => left[index] ?? []);
      if (left.length > 0) throw new NotTaken('the log has not taken all events');
    });
  }

  /** What is still open moves to the live lane. */
  async close(): Promise<void> {
    const { log } = this.parts;
    let open = log.partitions;
    await this.untilTaken(async () => {
      const outcomes = await log.append(open.map((partition) => closeRecord(partition, this.importId)));
      open = open.filter((_, i) => outcomes[i]?.outcome === 'failed');
      if (open.length > 0) throw new NotTaken('the lane could not be closed');
    });
  }

  private untilTaken(work: () => Promise<void>): Promise<void> {
    const waitMs = (failures: number): number => backoff(failures, { firstMs: FIRST_WAIT_MS });
    return retry(work, { attempts: ATTEMPTS, waitMs, isWorthIt: isRetryable, sleep: this.parts.sleep });
  }
}
