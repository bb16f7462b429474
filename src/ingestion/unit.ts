import type { PartitionId } from '../events/partition.ts';
import type { Columns } from '../fold/columns/columns.ts';
import type { Loaded } from '../fold/fold.ts';
import { takesBack } from '../fold/taken-back/lane-name.ts';
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
  /** When the record arrived at which it stands. */
  readonly asOfMs: number | undefined;
}

interface At {
  readonly position: Position | undefined;
  readonly step: number;
}

/** All records of a batch. */
export function unitOf(records: RecordBatch, { rejected }: DecodedBatch, loaded: Loaded): Unit {
  const last = records.length - 1;
  const arrivedAtMs = records.arrivedAtMs[last];
  return { loaded, rejected, target: records.nextOf(last), step: 0, arrivedAtMs, asOfMs: arrivedAtMs };
}

/** A record that can't be counted, and why. */
export function asideUnit(partition: PartitionId, record: LogRecord, reason: string): Unit {
  const { next: target, arrivedAtMs } = record;
  return {
    loaded: NOTHING,
    rejected: [{ partition, record, reason }],
    target,
    step: 0,
    arrivedAtMs,
    asOfMs: arrivedAtMs,
  };
}

const NOTHING: Loaded = { kind: 'events', lanes: [] };

/** None of them: carts that fall due before the first, or a part of a lane that it closes. The position stays. */
export function stepUnit({ position, step }: At, records: RecordBatch, loaded: Loaded): Unit {
  const target = position ?? records.positionOf(0);
  return { loaded, rejected: [], target, step: step + 1, arrivedAtMs: undefined, asOfMs: records.arrivedAtMs[0] };
}

/** Is the lane that closes too large to be moved at once? */
export const isPart = (loaded: Loaded): boolean => loaded.kind === 'close' && !loaded.closing.isAll;

/** Are events of an import taken back? */
export function isTakingBack(loaded: Loaded): boolean {
  return loaded.kind === 'events' && loaded.lanes.some(({ needs }) => takesBack(needs.lane));
}

/** Does the batch need more of a lane than a unit may hold? */
export function isTooMuch(loaded: Loaded): boolean {
  return loaded.kind === 'events' && loaded.lanes.some(({ snapshot }) => snapshot.isTooMuch === true);
}

/**
 * Where more carts fall due than a unit may abandon: the first event whose moment is behind the deadlines that were read, and the carts
 * that are to be abandoned before it.
 */
export function dueBeyond(
  loaded: Loaded,
  columns: Columns,
): { readonly row: number; readonly loaded: Extract<Loaded, { kind: 'due' }> } | undefined {
  if (loaded.kind === 'close') {
    const { moreDue: due } = loaded.live.snapshot;
    return due && { row: 0, loaded: { kind: 'due', lane: loaded.live, due } };
  }
  if (loaded.kind !== 'events') return undefined;
  for (const lane of loaded.lanes) {
    const { moreDue: due } = lane.snapshot;
    if (due === undefined) continue;
    const row = firstBeyond(due.nextMs, columns, columns.laneOf(lane.needs.lane));
    if (row !== undefined) return { row, loaded: { kind: 'due', lane, due } };
  }
  return undefined;
}

function firstBeyond(ms: number, columns: Columns, lane: number): number | undefined {
  for (let row = 0; row < columns.rows; row++)
    if (columns.lane.at(row) === lane && momentOf(row, columns) > ms) return row;
  return undefined;
}

/** To which lane time moves on. */
function momentOf(row: number, columns: Columns): number {
  const rare = columns.rare.get(row);
  if (rare === undefined) return columns.timestampMs.at(row);
  if (rare.kind === 'tick') return rare.atMs;
  return rare.kind === 'inventory' ? rare.timestampMs : Number.NEGATIVE_INFINITY;
}
