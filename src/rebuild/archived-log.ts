import type { LogEvent } from '../events/event.ts';
import type { PartitionId } from '../events/partition.ts';
import type { CountedLog } from '../ingestion/pipeline.ts';
import type { LogRecord, Position, RecordBatch } from '../ingestion/ports/event-log.ts';
import { recordBatchOf } from '../ingestion/ports/record-batch.ts';

/** A record of an earlier log, or of this one, as an archive has it. */
export interface ArchivedRecord {
  readonly place: number;
  readonly arrivedAtMs: number;
  readonly importId: string | undefined;
  readonly event: LogEvent | undefined;
  /** What the log held, where that is no event. */
  readonly record: string | undefined;
}

/** More records than any partition will ever hold. */
const LOG_LENGTH = 1e12;
const POSITION = /^archive (\d+) (\d+)$/;

/** A place in the archive: in which of its logs, and behind how many records of the partition. */
export interface ArchivePlace {
  readonly log: number;
  readonly place: number;
}

export const archivePosition = ({ log, place }: ArchivePlace): Position => `archive ${log} ${place}` as Position;

/** Undefined where the position is one of the log itself. */
export function archivePlace(position: Position): ArchivePlace | undefined {
  const [, log, place] = POSITION.exec(position) ?? [];
  return log === undefined ? undefined : { log: Number(log), place: Number(place) };
}

/** The archive's logs one behind the other, as whoever counts them sees it. Nothing is said to anybody. */
export class ArchivedLog implements CountedLog {
  readonly partitions: readonly PartitionId[];
  readonly start = archivePosition({ log: 0, place: 0 });
  private readonly events = new WeakMap<LogRecord, LogEvent>();

  constructor(partitions: readonly PartitionId[]) {
    this.partitions = partitions;
  }

  batchOf(log: number, records: readonly ArchivedRecord[]): RecordBatch {
    return recordBatchOf(
      records.map(({ place, arrivedAtMs, importId, event, record }): LogRecord => {
        const made = {
          position: archivePosition({ log, place }),
          next: archivePosition({ log, place: place + 1 }),
          key: null,
          value: record === undefined ? null : Buffer.from(record),
          importId,
          arrivedAtMs,
        };
        if (event !== undefined) this.events.set(made, event);
        return made;
      }),
    );
  }

  readonly known = (record: LogRecord): LogEvent | undefined => this.events.get(record);

  distance(from: Position, to: Position): number {
    return along(to) - along(from);
  }

  describe(position: Position): string {
    return position;
  }

  async append(): Promise<never> {
    throw new Error('nothing is appended to an archive');
  }

  async deadLetter(): Promise<void> {}

  async eraseUser(): Promise<void> {}
}

function along(position: Position): number {
  const place = archivePlace(position);
  // The log itself begins behind the archive.
  return place === undefined ? Number.MAX_SAFE_INTEGER : place.log * LOG_LENGTH + place.place;
}
