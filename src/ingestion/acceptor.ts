import { randomUUID } from 'node:crypto';
import { isObject } from '../events/forms/fields.ts';
import type { Sender } from '../events/origin/sender.ts';
import type { PartitionId } from '../events/partition.ts';
import { partitionOf } from '../events/partitioner.ts';
import type { Arrival, Repair } from '../events/repairs/rule.ts';
import { isInventory, visitorOf, type WireEvent } from '../events/schema.ts';
import { knownPart } from '../events/validation/fast-validate.ts';
import { type Problem, validateEvent } from '../events/validation/validate.ts';
import { countRecord } from './control-records.ts';
import type { EventLog, LogAppend } from './ports/event-log.ts';

interface RejectedEvent {
  readonly index: number;
  readonly event_id: string | null;
  readonly path: string;
  readonly message: string;
  /** The event is good, its partition could not take it. */
  readonly retryable: boolean;
  /** All that is wrong with it, where that is more than the one above. */
  readonly errors?: readonly Problem[];
}

interface RepairedEvent {
  readonly index: number;
  readonly path: string;
  readonly message: string;
}

export interface Acceptance {
  readonly accepted: number;
  readonly rejected: readonly RejectedEvent[];
  /** What was taken as what it can only mean; the first of them. Absent where nothing was. */
  readonly repaired?: readonly RepairedEvent[];
  /** So many were no events and no faults, such as GA4's clearing push; absent where none was. */
  readonly ignored?: number;
  /** So many came from a known bot, and are counted apart; absent where none did. */
  readonly bots?: number;
  /** Where they were asked for: of each event as they were sent, null where one was refused. */
  readonly event_ids?: readonly (string | null)[];
}

/** One event of a request, or why its text is none. */
export type Submitted =
  /** `sentAt`: when the sender's clock said that it sent, where its envelope says so. */
  | { readonly outcome: 'json'; readonly value: unknown; readonly sentAt?: unknown }
  /** What another system's client sends for itself: no event, and no fault. */
  | { readonly outcome: 'ignored' }
  | { readonly outcome: 'unreadable'; readonly message: string };

/** As the log holds it; a broker takes 1 MiB with what it adds, and larger records are no events to whoever counts. */
const MAX_EVENT_BYTES = 1_000_000;
const TOO_LARGE = `must be at most ${MAX_EVENT_BYTES} bytes as JSON`;

/** A log that does not answer in time may have taken it all the same; a repeat is told by its id. */
const UNCONFIRMED =
  'the event log did not confirm it in time, and may have taken it: send it again with this event_id, and it counts once';

const SHOWN_REPAIRS = 100;
const DAY_MS = 86_400_000;

interface Good {
  readonly index: number;
  readonly eventId: string;
  readonly record: LogAppend;
}

/** What becomes of a request's events. */
interface Sorted {
  readonly good: Good[];
  readonly rejected: RejectedEvent[];
  readonly repaired: RepairedEvent[];
  ignored: number;
  bots: number;
}

interface AcceptOptions {
  readonly ids?: boolean;
  /** Of what a browser sent. */
  readonly sender?: Sender | undefined;
}

export interface AcceptorSettings {
  readonly storeCurrency: string;
  /** Live events that are older are not taken: no answer would hold them. */
  readonly dailyDays: number;
  /** Where own dimensions find their values in what is sent. */
  readonly ownPaths?: ReadonlyMap<string, readonly string[]>;
}

/** Takes events in: checked, stamped, put into their partition, and acknowledged by the log before they count as accepted. */
export class Acceptor {
  private readonly log: EventLog;
  private readonly partitions: number;
  private readonly now: () => number;
  private readonly settings: AcceptorSettings;
  private inFlight = 0;

  constructor(log: EventLog, now: () => number, settings: AcceptorSettings) {
    this.log = log;
    this.partitions = log.partitions.filter(({ topic }) => topic === 'events').length;
    this.now = now;
    this.settings = settings;
  }

  /** Events that wait for the log's acknowledgement. */
  get waiting(): number {
    return this.inFlight;
  }

  async accept(
    submitted: readonly Submitted[],
    importId?: string,
    { ids = false, sender }: AcceptOptions = {},
  ): Promise<Acceptance> {
    const sorted = this.sort(submitted, importId, sender);
    const { good, rejected, repaired, ignored, bots } = sorted;
    const failed = await this.append(sorted);
    return {
      accepted: good.length - failed.length,
      rejected: [...rejected, ...failed].sort((a, b) => a.index - b.index),
      ...(repaired.length > 0 && { repaired }),
      ...(ignored > 0 && { ignored }),
      ...(bots > 0 && { bots }),
      ...(ids && { event_ids: idsOf(submitted.length, good, failed) }),
    };
  }

  private sort(submitted: readonly Submitted[], importId: string | undefined, sender: Sender | undefined): Sorted {
    const sorted: Sorted = { good: [], rejected: [], repaired: [], ignored: 0, bots: 0 };
    const arrival = this.arrival(importId, sender);
    for (const [index, one] of submitted.entries()) {
      if (one.outcome === 'ignored') sorted.ignored += 1;
      // Nobody looks into what they send.
      else if (sender?.isBot === true) sorted.bots += 1;
      else if (one.outcome === 'json')
        this.sortOne(index, timedByAge(one.value, arrival), arrivalOf(one, arrival), importId, sorted);
      else sorted.rejected.push({ index, event_id: null, path: '', message: one.message, retryable: false });
    }
    return sorted;
  }

  private sortOne(index: number, value: unknown, arrival: Arrival, importId: string | undefined, sorted: Sorted): void {
    const result = validateEvent(value, arrival);
    if (result.outcome === 'ignored') {
      sorted.ignored += 1;
      return;
    }
    if (result.outcome === 'rejected') {
      const { eventId = null, path, message, problems } = result;
      const more = problems === undefined ? {} : { errors: problems };
      sorted.rejected.push({ index, event_id: eventId, path, message, retryable: false, ...more });
      return;
    }
    const { event, timestampMs, repairs } = result;
    const { eventId, record } = this.stamped(event, timestampMs, repairs, importId);
    if (isTooLarge(record)) {
      sorted.rejected.push({ index, event_id: eventId, path: '', message: TOO_LARGE, retryable: false });
      return;
    }
    sorted.good.push({ index, eventId, record });
    for (const { path, message } of repairs.slice(0, SHOWN_REPAIRS - sorted.repaired.length))
      sorted.repaired.push({ index, path, message });
  }

  private arrival(importId: string | undefined, sender: Sender | undefined): Arrival {
    const arrivedAtMs = this.now();
    const { storeCurrency, dailyDays, ownPaths } = this.settings;
    const oldestMs = arrivedAtMs - dailyDays * DAY_MS;
    const { location } = sender ?? {};
    return { arrivedAtMs, isLive: importId === undefined, storeCurrency, oldestMs, ownPaths, location };
  }

  /** What was ignored goes into the log as well, beside the events that it came with: what the log holds is counted once. */
  private async append(sorted: Sorted): Promise<RejectedEvent[]> {
    const { good } = sorted;
    const beside: PartitionId = good[0]?.record.partition ?? { topic: 'events', index: 0 };
    const records = good.map(({ record }) => record);
    for (const control of ['ignored', 'bots'] as const)
      if (sorted[control] > 0) records.push(countRecord(control, beside, sorted[control]));
    this.inFlight += records.length;
    try {
      const outcomes = await this.log.append(records);
      return good.flatMap(({ index, eventId }, i) => {
        if (outcomes[i]?.outcome === 'acknowledged') return [];
        return [{ index, event_id: eventId, path: '', message: UNCONFIRMED, retryable: true }];
      });
    } finally {
      this.inFlight -= records.length;
    }
  }

  private stamped(
    valid: WireEvent,
    timestampMs: number,
    repairs: readonly Repair[],
    importId: string | undefined,
  ): Omit<Good, 'index'> {
    const eventId = valid.event_id ?? randomUUID();
    const known = isInventory(valid) ? valid : knownPart(valid);
    const timestamp = valid.timestamp ?? new Date(timestampMs).toISOString();
    const event = { ...known, event_id: eventId, timestamp };
    const isPlain = repairs.length === 0 && known.sent_at === undefined;
    const key = isInventory(valid) ? valid.item_id : visitorOf(valid);
    const topic = isInventory(valid) ? 'inventory' : 'events';
    const partition = { topic, index: partitionOf(key, this.partitions) } as const;
    return {
      eventId,
      record: { partition, key, value: JSON.stringify(isPlain ? event : noted(event, repairs)), importId },
    };
  }
}

/** The clock has been set right; the owner of the partition counts the rules. */
const noted = (event: object, repairs: readonly Repair[]): object => ({
  ...event,
  sent_at: undefined,
  repaired: repairs.length === 0 ? undefined : [...new Set(repairs.map(({ rule }) => rule))],
});

/** `age_ms`: how long ago it happened, from senders whose clock nobody can trust. A time of its own goes first. */
function timedByAge(value: unknown, { arrivedAtMs }: Arrival): unknown {
  if (!isObject(value)) return value;
  const { age_ms: ageMs, timestamp } = value;
  const isAge = typeof ageMs === 'number' && ageMs >= 0 && (timestamp === undefined || timestamp === null);
  return isAge ? { ...value, timestamp: Math.max(0, Math.round(arrivedAtMs - ageMs)) } : value;
}

const arrivalOf = ({ sentAt }: { readonly sentAt?: unknown }, arrival: Arrival): Arrival =>
  sentAt === undefined ? arrival : { ...arrival, sentAt };

/** A character of a text takes at most three bytes. */
function isTooLarge({ value }: LogAppend): boolean {
  return value.length * 3 > MAX_EVENT_BYTES && Buffer.byteLength(value) > MAX_EVENT_BYTES;
}

function idsOf(events: number, good: readonly Good[], failed: readonly RejectedEvent[]): (string | null)[] {
  const ids = new Array<string | null>(events).fill(null);
  for (const { index, eventId } of good) ids[index] = eventId;
  for (const { index } of failed) ids[index] = null;
  return ids;
}
