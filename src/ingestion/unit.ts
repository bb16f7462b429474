import type { PartitionId } from '../events/partition.ts';
import type { BatchEvent } from '../fold/batch.ts';
import type { Loaded } from '../fold/fold.ts';
import type { DecodedBatch } from './decode.ts';
import type { DeadLetter, LogRecord, Position, RecordBatch } from './ports/event-log.ts';

/** What is committed together. */
export interface Unit {
  readonly loaded: Loaded;
  readonly rejected: readonly DeadLetter[];
  /** Where counting stands when it is committed. */
  readonly target: Position;
  readonly step: number;
  /** Of the newest record in it. */
  readonly arrivedAtMs: number | undefined;
}

interface At {
  readonly position: Position | undefined;
  readonly step: number;
}

/** All records of a batch. */
export function unitOf(records: RecordBatch, { rejected }: DecodedBatch, loaded: Loaded): Unit {
  const last = records.length - 1;
  return { loaded, rejected, target: records.nextOf(last), step: 0, arrivedAtMs: records.arrivedAtMs[last] };
}

/** A record that can't be counted, and why. */
export function asideUnit(partition: PartitionId, record: LogRecord, reason: string): Unit {
  const { next: target, arrivedAtMs } = record;
  return { loaded: NOTHING, rejected: [{ partition, record, reason }], target, step: 0, arrivedAtMs };
}

const NOTHING: Loaded = { kind: 'events', events: [], snapshots: new Map(), cached: new Map() };

/** None of them: carts that fall due before the first. The position stays. */
export function dueUnit({ position, step }: At, records: RecordBatch, loaded: Loaded): Unit {
  const target = position ?? records.positionOf(0);
  return { loaded, rejected: [], target, step: step + 1, arrivedAtMs: undefined };
}

/**
 * Where more carts fall due than a unit may abandon: the first event whose moment is behind the deadlines that were read, and the carts
 * that are to be abandoned before it.
 */
export function dueBeyond(
  loaded: Loaded,
): { readonly event: number; readonly loaded: Extract<Loaded, { kind: 'due' }> } | undefined {
  if (loaded.kind !== 'events') return undefined;
  for (const [lane, snapshot] of loaded.snapshots) {
    const { moreDue: due } = snapshot;
    if (due === undefined) continue;
    const event = loaded.events.findIndex((one) => one.lane === lane && momentOf(one) > due.nextMs);
    const cached = loaded.cached.get(lane);
    if (event >= 0) return { event, loaded: { kind: 'due', lane, snapshot, due, cached } };
  }
  return undefined;
}

/** To which lane time moves on. */
function momentOf({ event }: BatchEvent): number {
  if (event.kind === 'tick') return event.atMs;
  return event.kind === 'shop' || event.kind === 'inventory' ? event.timestampMs : Number.NEGATIVE_INFINITY;
}
