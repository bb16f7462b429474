import { StoredBatch, storedBatchesIn } from '../../../src/adapters/kafka/fetch/stored-batch.ts';

export interface WrittenRecord {
  /** Offset behind the batch's first one. */
  readonly delta: number;
  readonly afterMs?: number;
  readonly key?: Buffer | null;
  readonly value?: Buffer | null;
  readonly headers?: readonly (readonly [string, string | null])[];
}

export interface WrittenBatch {
  readonly firstOffset?: number;
  readonly records: readonly WrittenRecord[];
  readonly lastDelta?: number;
  /** Bits: codec 0x07, LogAppendTime 0x08, in a transaction 0x10, control 0x20. */
  readonly attributes?: number;
  readonly firstTimestamp?: number;
  readonly maxTimestamp?: number;
  readonly producerId?: number;
  readonly format?: number;
  readonly pack?: (records: Buffer) => Buffer;
  /** What is said of the number of records. */
  readonly count?: number;
}

function varint(value: number): Buffer {
  let rest = BigInt.asUintN(64, (BigInt(value) << 1n) ^ (BigInt(value) >> 63n));
  const bytes: number[] = [];
  while (rest > 0x7fn) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  return Buffer.from([...bytes, Number(rest)]);
}

const sized = (bytes: Buffer | string | null): Buffer =>
  bytes === null ? varint(-1) : Buffer.concat([varint(Buffer.byteLength(bytes)), Buffer.from(bytes)]);

function recordBytes({ delta, afterMs = 0, key = null, value = null, headers = [] }: WrittenRecord): Buffer {
  const texts = headers.flatMap(([name, text]) => [sized(name), sized(text)]);
  const head = [Buffer.alloc(1), varint(afterMs), varint(delta), sized(key), sized(value)];
  return sized(Buffer.concat([...head, varint(headers.length), ...texts]));
}

/** A record batch as a broker stores it, but for its checksum. */
export function batchBytes(batch: WrittenBatch): Buffer {
  const { records, pack = (bytes: Buffer) => bytes } = batch;
  const header = Buffer.alloc(61);
  const body = pack(Buffer.concat(records.map(recordBytes)));
  header.writeBigInt64BE(BigInt(batch.firstOffset ?? 0), 0);
  header.writeInt32BE(header.length - 12 + body.length, 8);
  header.writeInt8(batch.format ?? 2, 16);
  header.writeInt16BE(batch.attributes ?? 0, 21);
  header.writeInt32BE(batch.lastDelta ?? records.at(-1)?.delta ?? 0, 23);
  header.writeBigInt64BE(BigInt(batch.firstTimestamp ?? 0), 27);
  header.writeBigInt64BE(BigInt(batch.maxTimestamp ?? 0), 35);
  header.writeBigInt64BE(BigInt(batch.producerId ?? -1), 43);
  header.writeInt32BE(batch.count ?? records.length, 57);
  return Buffer.concat([header, body]);
}

/** A partition's records in a response of the broker's. */
export function inResponse(bytes: Buffer): Buffer {
  const size = Buffer.alloc(4);
  size.writeInt32BE(bytes.length);
  return Buffer.concat([size, bytes]);
}

/** What kafkajs reads responses with, as far as it is used. */
class Response {
  private at = 0;
  private readonly bytes: Buffer;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  readInt32(): number {
    this.at += 4;
    return this.bytes.readInt32BE(this.at - 4);
  }

  canReadBytes(length: number): boolean {
    return this.bytes.length - this.at >= length;
  }

  readBytes(length: number): Buffer {
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }
}

export const storedIn = (bytes: Buffer): StoredBatch[] => storedBatchesIn(new Response(inResponse(bytes)));

export const stored = (batch: WrittenBatch): StoredBatch => new StoredBatch(batchBytes(batch), 0);
