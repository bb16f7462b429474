import type { LogAppend, LogRecord } from '../../ingestion/ports/event-log.ts';

export type Content = Pick<LogRecord, 'key' | 'value'>;

/** The first byte, which no JSON begins with: a version that knows JSON alone fails on it instead of passing over the records. */
const FORM = 1;
const LENGTH_BYTES = 4;
/** Stands for the length of a key that is absent. */
const NO_KEY = -1;

/**
 * The records of one entry as one text, so that the values' bytes are handed out where they lie: behind the form, the length
 * of a key, the key, the length of a value, the value, and so on. Lengths are signed 32-bit integers, lowest byte first.
 */
export function packRecords(records: readonly Pick<LogAppend, 'key' | 'value'>[]): Buffer {
  const size = records.reduce(
    (sum, { key, value }) => sum + 2 * LENGTH_BYTES + Buffer.byteLength(key ?? '') + Buffer.byteLength(value),
    1,
  );
  const packed = Buffer.allocUnsafe(size);
  let at = packed.writeUInt8(FORM);
  const write = (text: string): void => {
    const length = packed.write(text, at + LENGTH_BYTES);
    packed.writeInt32LE(length, at);
    at += LENGTH_BYTES + length;
  };
  for (const { key, value } of records) {
    if (key === null) at = packed.writeInt32LE(NO_KEY, at);
    else write(key);
    write(value);
  }
  return packed;
}

export const isPacked = (text: Buffer): boolean => text[0] === FORM;

export function unpackRecords(packed: Buffer): Content[] {
  const records: Content[] = [];
  let at = 1;
  const read = (): Buffer | null => {
    const length = packed.readInt32LE(at);
    const from = at + LENGTH_BYTES;
    at = from + Math.max(0, length);
    return length === NO_KEY ? null : packed.subarray(from, at);
  };
  while (at < packed.length) records.push({ key: read()?.toString() ?? null, value: read() });
  return records;
}
