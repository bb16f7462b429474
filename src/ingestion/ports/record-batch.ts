import type { LogRecord, Position, RecordBatch } from './event-log.ts';

/** Records that are there already, each with bytes of its own, as a batch. */
export function recordBatchOf(records: readonly LogRecord[]): RecordBatch {
  const starts = new Int32Array(records.length);
  const ends = new Int32Array(records.length);
  const arrivedAtMs = new Float64Array(records.length);
  for (const [i, record] of records.entries()) {
    starts[i] = record.value === null ? -1 : 0;
    ends[i] = record.value === null ? -1 : record.value.byteLength;
    arrivedAtMs[i] = record.arrivedAtMs;
  }
  return new RecordList(records, 0, { starts, ends, arrivedAtMs });
}

const NO_BYTES = Buffer.alloc(0);

class RecordList implements RecordBatch {
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly arrivedAtMs: Float64Array;
  /** Shared by all slices; this one begins at `from`. */
  private readonly records: readonly LogRecord[];
  private readonly from: number;

  constructor(
    records: readonly LogRecord[],
    from: number,
    columns: Pick<RecordBatch, 'starts' | 'ends' | 'arrivedAtMs'>,
  ) {
    this.records = records;
    this.from = from;
    this.starts = columns.starts;
    this.ends = columns.ends;
    this.arrivedAtMs = columns.arrivedAtMs;
  }

  get length(): number {
    return this.starts.length;
  }

  bytesOf(i: number): Buffer {
    const { value } = this.record(i);
    if (value === null) return NO_BYTES;
    return Buffer.isBuffer(value) ? value : Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  }

  importOf(i: number): string | undefined {
    return this.record(i).importId;
  }

  positionOf(i: number): Position {
    return this.record(i).position;
  }

  nextOf(i: number): Position {
    return this.record(i).next;
  }

  record(i: number): LogRecord {
    const record = i < this.length ? this.records[this.from + i] : undefined;
    if (record === undefined) throw new RangeError(`a batch of ${this.length} records has none at ${i}`);
    return record;
  }

  slice(from: number, to: number = this.length): RecordBatch {
    return new RecordList(this.records, this.from + from, {
      starts: this.starts.subarray(from, to),
      ends: this.ends.subarray(from, to),
      arrivedAtMs: this.arrivedAtMs.subarray(from, to),
    });
  }
}
