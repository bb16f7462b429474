import { randomUUID } from 'node:crypto';
import { knownPart } from '../events/fast-validate.ts';
import { validateEvent } from '../events/parse.ts';
import { partitionOf } from '../events/partitioner.ts';
import { isInventory, type WireEvent } from '../events/schema.ts';
import type { EventLog, LogAppend } from './ports/event-log.ts';

interface RejectedEvent {
  readonly index: number;
  readonly event_id: string | null;
  readonly path: string;
  readonly message: string;
  /** The event is good, its partition could not take it. */
  readonly retryable: boolean;
}

export interface Acceptance {
  readonly accepted: number;
  readonly rejected: readonly RejectedEvent[];
}

/** One event of a request, or why its text is none. */
export type Submitted =
  | { readonly outcome: 'json'; readonly value: unknown }
  | { readonly outcome: 'unreadable'; readonly message: string };

/** As the log holds it; a broker takes 1 MiB with what it adds, and larger records are no events to whoever counts. */
const MAX_EVENT_BYTES = 1_000_000;
const TOO_LARGE = `must be at most ${MAX_EVENT_BYTES} bytes as JSON`;

interface Good {
  readonly index: number;
  readonly eventId: string;
  readonly record: LogAppend;
}

/**
 * Takes events in: checked, stamped, put into their partition,
 * and acknowledged by the log before they count as accepted.
 */
export class Acceptor {
  private readonly log: EventLog;
  private readonly partitions: number;
  private readonly now: () => number;
  private inFlight = 0;

  constructor(log: EventLog, now: () => number) {
    this.log = log;
    this.partitions = log.partitions.filter(({ topic }) => topic === 'events').length;
    this.now = now;
  }

  /** Events that wait for the log's acknowledgement. */
  get waiting(): number {
    return this.inFlight;
  }

  async accept(submitted: readonly Submitted[], importId?: string): Promise<Acceptance> {
    const arrivedAtMs = this.now();
    const rejected: RejectedEvent[] = [];
    const good: Good[] = [];
    for (const [index, one] of submitted.entries()) {
      if (one.outcome === 'unreadable') {
        rejected.push({ index, event_id: null, path: '', message: one.message, retryable: false });
        continue;
      }
      const result = validateEvent(one.value, arrivedAtMs);
      if (result.outcome !== 'valid') {
        const { eventId = null, path, message } = result;
        rejected.push({ index, event_id: eventId, path, message, retryable: false });
        continue;
      }
      const { eventId, record } = this.stamped(result.event, result.timestampMs, importId);
      if (!isTooLarge(record)) good.push({ index, eventId, record });
      else rejected.push({ index, event_id: eventId, path: '', message: TOO_LARGE, retryable: false });
    }
    const failed = await this.append(good);
    return {
      accepted: good.length - failed.length,
      rejected: [...rejected, ...failed].sort((a, b) => a.index - b.index),
    };
  }

  private async append(good: readonly Good[]): Promise<RejectedEvent[]> {
    const records = good.map(({ record }) => record);
    this.inFlight += records.length;
    try {
      const outcomes = await this.log.append(records);
      return good.flatMap(({ index, eventId }, i) => {
        if (outcomes[i]?.outcome === 'acknowledged') return [];
        const message = 'the event log could not take it now; send it again';
        return [{ index, event_id: eventId, path: '', message, retryable: true }];
      });
    } finally {
      this.inFlight -= records.length;
    }
  }

  private stamped(valid: WireEvent, timestampMs: number, importId: string | undefined): Omit<Good, 'index'> {
    const eventId = valid.event_id ?? randomUUID();
    const event = {
      ...(isInventory(valid) ? valid : knownPart(valid)),
      event_id: eventId,
      timestamp: valid.timestamp ?? new Date(timestampMs).toISOString(),
    };
    const key = isInventory(valid) ? valid.item_id : valid.user_id;
    const topic = isInventory(valid) ? 'inventory' : 'events';
    const partition = { topic, index: partitionOf(key, this.partitions) } as const;
    return { eventId, record: { partition, key, value: JSON.stringify(event), importId } };
  }
}

/** A character of a text takes at most three bytes. */
function isTooLarge({ value }: LogAppend): boolean {
  return value.length * 3 > MAX_EVENT_BYTES && Buffer.byteLength(value) > MAX_EVENT_BYTES;
}
