import { z } from 'zod';
import { ByteReader, UnreadableBatch } from './byte-reader.ts';
import { unpack } from './codecs.ts';

/** Bytes before a batch's length, and from its length to its records. */
const PREFIX_BYTES = 12;
const HEADER_BYTES = 61;
const FORMAT = 2;
const AT = {
  length: 8,
  format: 16,
  attributes: 21,
  lastOffsetDelta: 23,
  firstTimestamp: 27,
  maxTimestamp: 35,
  producerId: 43,
  count: 57,
} as const;
const APPEND_TIME = 0x08;
const IN_TRANSACTION = 0x10;
const CONTROL = 0x20;
const CODEC = 0x07;
/** A record's length, attributes, time, offset, key, value and headers, a byte each. */
const LEAST_RECORD_BYTES = 7;
const ABORT = Buffer.from([0, 0, 0, 0]);

/** What is used of kafkajs' reader of a response. */
export interface ResponseDecoder {
  readInt32(): number;
  canReadBytes(length: number): boolean;
  readBytes(length: number): Buffer | null;
}

/**
 * The record batches of a partition in a response; the last one is often cut off, and read with the next response.
 * @throws UnreadableBatch
 */
export function storedBatchesIn(decoder: ResponseDecoder): StoredBatch[] {
  const size = decoder.readInt32();
  if (size <= 0) return [];
  const bytes = decoder.canReadBytes(size) ? decoder.readBytes(size) : null;
  if (bytes === null) throw new UnreadableBatch(`Kafka sent less than the ${size} bytes of records that it spoke of`);
  const batches: StoredBatch[] = [];
  for (let at = 0; at + HEADER_BYTES <= size; ) {
    const batch = new StoredBatch(bytes, at);
    if (batch.end < at + HEADER_BYTES || batch.lastOffset < batch.firstOffset)
      throw new UnreadableBatch(
        `a record batch of ${batch.byteLength} bytes at offset ${batch.firstOffset} makes no sense`,
      );
    if (batch.end > size) break;
    batches.push(batch);
    if (batch.fault !== undefined) break;
    at = batch.end;
  }
  if (batches.length > 0) return batches;
  // The first one a broker sends whole, whatever its size.
  throw new UnreadableBatch(`a record batch runs out of the ${size} bytes that Kafka sent of it`);
}

/**
 * A record batch as the broker keeps it; nothing is made of its records, and they are not unpacked. It stands where kafkajs has a
 * message: control records and those of aborted transactions are in it as well, as a batch with none to hand out, so that
 * whoever reads knows how far reading has come.
 */
export class StoredBatch {
  /** As kafkajs asks for it, which reads on behind it: that of the last record, whether it is still kept or not. */
  readonly offset: string;
  readonly isControlRecord = false;
  readonly firstOffset: number;
  readonly lastOffset: number;
  /** Behind its last byte. */
  readonly end: number;
  /** Why it can't be read. */
  readonly fault: UnreadableBatch | undefined = undefined;
  private readonly bytes: Buffer;
  private readonly at: number;
  private readonly attributes: number;
  private aborted = false;

  constructor(bytes: Buffer, at: number) {
    this.bytes = bytes;
    this.at = at;
    this.end = at + PREFIX_BYTES + bytes.readInt32BE(at + AT.length);
    this.attributes = bytes.readInt16BE(at + AT.attributes);
    this.firstOffset = Number(bytes.readBigInt64BE(at));
    const format = bytes[at + AT.format];
    if (format !== FORMAT)
      this.fault = new UnreadableBatch(
        `the records at offset ${this.firstOffset} are in Kafka's message format ${format}; only format ${FORMAT} is read (Kafka 0.11 and later): copy them into a new topic`,
      );
    this.lastOffset = this.firstOffset + (format === FORMAT ? bytes.readInt32BE(at + AT.lastOffsetDelta) : 0);
    this.offset = String(this.lastOffset);
  }

  /** Records to hand out. @throws UnreadableBatch */
  get count(): number {
    if (this.fault !== undefined) throw this.fault;
    return this.aborted || this.isControl ? 0 : this.bytes.readInt32BE(this.at + AT.count);
  }

  get isControl(): boolean {
    return (this.attributes & CONTROL) !== 0;
  }

  /** Whether its records count only once their transaction is committed. */
  get inTransaction(): boolean {
    return (this.attributes & IN_TRANSACTION) !== 0;
  }

  get producerId(): string {
    return String(this.bytes.readBigInt64BE(this.at + AT.producerId));
  }

  get byteLength(): number {
    return this.end - this.at;
  }

  get appendTime(): boolean {
    return (this.attributes & APPEND_TIME) !== 0;
  }

  get firstTimestamp(): number {
    return Number(this.bytes.readBigInt64BE(this.at + AT.firstTimestamp));
  }

  get maxTimestamp(): number {
    return Number(this.bytes.readBigInt64BE(this.at + AT.maxTimestamp));
  }

  /** Its records belong to a transaction that was aborted. */
  abort(): void {
    this.aborted = true;
  }

  /** Whether it ends a transaction of its producer that was aborted. */
  endsAborted(): boolean {
    if (!this.isControl || this.fault !== undefined) return false;
    const reader = this.packed();
    reader.length();
    reader.byte();
    reader.varint();
    reader.varint();
    const length = reader.length();
    return length === ABORT.length && ABORT.equals(this.bytes.subarray(reader.at, reader.at + length));
  }

  /** Where its records lie, once they are unpacked. @throws UnreadableBatch */
  async records(): Promise<ByteReader> {
    const packed = this.packed();
    const codec = this.attributes & CODEC;
    const reader =
      codec === 0 ? packed : new ByteReader(await unpack(codec, this.bytes.subarray(packed.at, packed.end)));
    const room = reader.end - reader.at;
    if (this.count < 0 || this.count * LEAST_RECORD_BYTES > room)
      throw new UnreadableBatch(`a record batch speaks of ${this.count} records in ${room} bytes`);
    return reader;
  }

  private packed(): ByteReader {
    return new ByteReader(this.bytes, this.at + HEADER_BYTES, this.end);
  }
}

/** What a consumer of our own copy of kafkajs was handed as messages. */
export function toStoredBatches(messages: readonly unknown[]): StoredBatch[] {
  const batches = messages.filter((message): message is StoredBatch => message instanceof StoredBatch);
  if (batches.length < messages.length) throw new Error('kafkajs handed out messages instead of record batches');
  return batches;
}

const fetched = z.object({ fetchedOffset: z.coerce.number() });

/** The offset that was asked for; kafkajs says it beside its types. */
export const fetchedOffsetOf = (batch: object): number => fetched.parse(batch).fetchedOffset;
