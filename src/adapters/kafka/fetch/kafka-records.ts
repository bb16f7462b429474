import type { LogRecord, Position, RecordBatch } from '../../../ingestion/ports/event-log.ts';
import { IMPORT_HEADER } from '../record.ts';
import { type ByteReader, UnreadableBatch } from './byte-reader.ts';
import type { StoredBatch } from './stored-batch.ts';

/** What is known of each record; -1 where it has no key or no value. */
interface Columns {
  /** Which of the segments it lies in: what was unpacked together, or came together. */
  readonly segments: Int32Array;
  readonly offsets: Float64Array;
  readonly keyStarts: Int32Array;
  readonly keyEnds: Int32Array;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly arrivedAtMs: Float64Array;
  readonly imports: readonly (string | undefined)[];
}

/** The records of these batches from an offset on, looked at where they lie. @throws UnreadableBatch */
export async function readRecords(batches: readonly StoredBatch[], fromOffset: number): Promise<RecordBatch> {
  const readers = await Promise.all(batches.map((batch) => batch.records()));
  const count = batches.reduce((sum, batch) => sum + batch.count, 0);
  const segments = [...new Set(readers.map(({ bytes }) => bytes))];
  const columns = { ...emptyColumns(count), imports: [] as (string | undefined)[] };
  let place = 0;
  for (const [i, batch] of batches.entries()) {
    const reader = readers[i];
    if (reader === undefined) break;
    const segment = segments.indexOf(reader.bytes);
    columns.segments.fill(segment, place, place + batch.count);
    place = fill(columns, place, batch, reader);
  }
  const first = columns.offsets.findIndex((offset) => offset >= fromOffset);
  return new KafkaRecords(segments, columns, first < 0 ? count : first, count);
}

const emptyColumns = (count: number): Omit<Columns, 'imports'> => ({
  segments: new Int32Array(count),
  offsets: new Float64Array(count),
  keyStarts: new Int32Array(count),
  keyEnds: new Int32Array(count),
  starts: new Int32Array(count),
  ends: new Int32Array(count),
  arrivedAtMs: new Float64Array(count),
});

type Filled = Columns & { readonly imports: (string | undefined)[] };

/** @returns the place behind the batch's records */
function fill(columns: Filled, from: number, batch: StoredBatch, reader: ByteReader): number {
  const { count, firstOffset, lastOffset, appendTime, firstTimestamp, maxTimestamp } = batch;
  let offset = firstOffset - 1;
  for (let place = from; place < from + count; place += 1) {
    const length = reader.length();
    const end = reader.at + length;
    reader.byte();
    const afterMs = reader.varint();
    const before = offset;
    offset = firstOffset + reader.varint();
    if (offset <= before || offset > lastOffset)
      throw new UnreadableBatch(`a record batch from ${firstOffset} to ${lastOffset} has ${offset} behind ${before}`);
    columns.offsets[place] = offset;
    columns.arrivedAtMs[place] = appendTime ? maxTimestamp : firstTimestamp + afterMs;
    take(reader, columns.keyStarts, columns.keyEnds, place);
    take(reader, columns.starts, columns.ends, place);
    const headers = reader.varint();
    if (headers !== 0) columns.imports[place] = importIn(reader, headers);
    if (reader.at !== end) throw new UnreadableBatch(`the record at offset ${offset} does not fill its length`);
  }
  return from + count;
}

function take(reader: ByteReader, starts: Int32Array, ends: Int32Array, place: number): void {
  const length = reader.length();
  starts[place] = length < 0 ? -1 : reader.at;
  ends[place] = length < 0 ? -1 : reader.at + length;
  reader.skip(length);
}

/** The first header of the name counts. */
function importIn(reader: ByteReader, headers: number): string | undefined {
  if (headers < 0) throw new UnreadableBatch(`a record speaks of ${headers} headers`);
  let found: string | null | undefined;
  for (let i = 0; i < headers; i += 1) {
    const name = textOf(reader);
    const value = textOf(reader);
    if (name === IMPORT_HEADER && found === undefined) found = value;
  }
  return found ?? undefined;
}

function textOf(reader: ByteReader): string | null {
  const length = reader.length();
  if (length < 0) return null;
  const from = reader.at;
  reader.skip(length);
  return reader.bytes.toString('utf8', from, reader.at);
}

/** Records of a partition where the broker's response holds them. */
class KafkaRecords implements RecordBatch {
  readonly length: number;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly arrivedAtMs: Float64Array;
  private readonly segments: readonly Buffer[];
  /** Shared by all slices; this one begins at `from`. */
  private readonly columns: Columns;
  private readonly from: number;

  constructor(segments: readonly Buffer[], columns: Columns, from: number, to: number) {
    this.segments = segments;
    this.columns = columns;
    this.from = from;
    this.starts = columns.starts.subarray(from, to);
    this.ends = columns.ends.subarray(from, to);
    this.arrivedAtMs = columns.arrivedAtMs.subarray(from, to);
    this.length = this.starts.length;
  }

  bytesOf(i: number): Buffer {
    return this.segments[at(this.columns.segments, this.from + i)] ?? NO_BYTES;
  }

  importOf(i: number): string | undefined {
    return this.columns.imports[this.from + i];
  }

  positionOf(i: number): Position {
    return String(this.offsetOf(i)) as Position;
  }

  nextOf(i: number): Position {
    return String(this.offsetOf(i) + 1) as Position;
  }

  record(i: number): LogRecord {
    const { keyStarts, keyEnds } = this.columns;
    return {
      position: this.positionOf(i),
      next: this.nextOf(i),
      key: this.cut(i, at(keyStarts, this.from + i), at(keyEnds, this.from + i))?.toString('utf8') ?? null,
      value: this.cut(i, at(this.starts, i), at(this.ends, i)),
      importId: this.importOf(i),
      arrivedAtMs: at(this.arrivedAtMs, i),
    };
  }

  slice(from: number, to: number = this.length): RecordBatch {
    const [first, last] = [Math.min(from, this.length), Math.min(to, this.length)];
    return new KafkaRecords(this.segments, this.columns, this.from + first, this.from + last);
  }

  private cut(i: number, start: number, end: number): Buffer | null {
    return start < 0 ? null : this.bytesOf(i).subarray(start, end);
  }

  private offsetOf(i: number): number {
    if (i >= this.length) throw new RangeError(`a batch of ${this.length} records has none at ${i}`);
    return at(this.columns.offsets, this.from + i);
  }
}

const NO_BYTES = Buffer.alloc(0);

const at = (column: Int32Array | Float64Array, i: number): number => column[i] ?? -1;
