import { randomUUID } from 'node:crypto';
import { validateEvent } from '../events/parse.ts';
import { partitionOf } from '../events/partitioning.ts';
import { knownPart } from '../events/plain.ts';
import { isInventory, type WireEvent } from '../events/schema.ts';
import type { EventLog, LogAppend } from './ports.ts';

export interface RejectedEvent {
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

/** Takes events in: checked, stamped, put into their partition, and acknowledged by the log before they count as accepted. */
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
    const good: { index: number; event: WireEvent }[] = [];
    for (const [index, one] of submitted.entries()) {
      if (one.outcome === 'unreadable') {
        rejected.push({ index, event_id: null, path: '', message: one.message, retryable: false });
        continue;
      }
      const result = validateEvent(one.value, arrivedAtMs);
      if (result.outcome === 'valid') good.push({ index, event: stamp(result.event, result.timestampMs) });
      else
        rejected.push({
          index,
          event_id: result.eventId ?? null,
          path: result.path,
          message: result.message,
          retryable: false,
        });
    }
    const failed = await this.append(good, importId);
    return {
      accepted: good.length - failed.length,
      rejected: [...rejected, ...failed].sort((a, b) => a.index - b.index),
    };
  }

  private async append(
    good: readonly { index: number; event: WireEvent }[],
    importId: string | undefined,
  ): Promise<RejectedEvent[]> {
    const records = good.map(({ event }) => this.record(event, importId));
    this.inFlight += records.length;
    try {
      const outcomes = await this.log.append(records);
      return good.flatMap(({ index, event }, i) => {
        if (outcomes[i]?.outcome === 'acknowledged') return [];
        const message = 'the event log could not take it now; send it again';
        return [{ index, event_id: event.event_id ?? null, path: '', message, retryable: true }];
      });
    } finally {
      this.inFlight -= records.length;
    }
  }

  private record(event: WireEvent, importId: string | undefined): LogAppend {
    const key = isInventory(event) ? event.item_id : event.user_id;
    const topic = isInventory(event) ? 'inventory' : 'events';
    return {
      partition: { topic, index: partitionOf(key, this.partitions) },
      key,
      value: JSON.stringify(event),
      importId,
    };
  }
}

function stamp(event: WireEvent, timestampMs: number): WireEvent {
  return {
    ...(isInventory(event) ? event : knownPart(event)),
    event_id: event.event_id ?? randomUUID(),
    timestamp: event.timestamp ?? new Date(timestampMs).toISOString(),
  };
}
