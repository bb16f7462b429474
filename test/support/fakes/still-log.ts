import type { PartitionId } from '../../../src/events/partition.ts';
import type {
  AppendOutcome,
  Consumption,
  DeadLetter,
  EventLog,
  LogAppend,
  LogRecord,
  Position,
  RecordBatch,
  ReplayedRecord,
} from '../../../src/ingestion/ports/event-log.ts';

/** A log that hands nothing out by itself: tests hand records to the worker, cut as they like. */
export class StillLog implements EventLog {
  readonly partitions: readonly PartitionId[];
  readonly start = '0' as Position;
  readonly letters: DeadLetter[] = [];

  constructor(partitions: number) {
    this.partitions = Array.from({ length: partitions }, (_, index) => ({ topic: 'events', index }));
  }

  /** What owners append by themselves is not handed out again. */
  append(records: readonly LogAppend[]): Promise<AppendOutcome[]> {
    return Promise.resolve(records.map(() => ({ outcome: 'acknowledged' })));
  }

  eraseUser(_userId: string): Promise<void> {
    return Promise.resolve();
  }

  publish(): Promise<void> {
    return Promise.reject(new Error('nothing is published here'));
  }

  consume(): Promise<Consumption> {
    return Promise.reject(new Error('nothing is consumed here'));
  }

  begins(): Promise<Map<string, Position>> {
    return Promise.resolve(new Map());
  }

  ends(): Promise<Map<string, Position>> {
    return Promise.resolve(new Map());
  }

  consumers(): Promise<number> {
    return Promise.resolve(0);
  }

  replay(_from: ReadonlyMap<string, Position>, _until: ReadonlyMap<string, Position>): AsyncIterable<ReplayedRecord> {
    throw new Error('nothing is replayed here');
  }

  positionAt(_partition: PartitionId, place: number): Promise<Position> {
    return Promise.resolve(String(place) as Position);
  }

  distance(from: Position, to: Position): number {
    return Number(to) - Number(from);
  }

  describe(position: Position): string {
    return position;
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  deadLetter(letters: readonly DeadLetter[]): Promise<void> {
    this.letters.push(...letters);
    return Promise.resolve();
  }
}

export function record(offset: number, value: unknown, arrivedAtMs: number, importId?: string): LogRecord {
  return {
    position: String(offset) as Position,
    next: String(offset + 1) as Position,
    key: null,
    value: Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)),
    importId,
    arrivedAtMs,
  };
}

/** The records of a batch, each by itself. */
export const recordsOf = (batch: RecordBatch): LogRecord[] =>
  Array.from({ length: batch.length }, (_, i) => batch.record(i));
