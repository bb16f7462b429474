import type { LogAppend, LogRecord } from '../../ingestion/ports/event-log.ts';

export type Content = Pick<LogRecord, 'key' | 'value'>;

/** Stands for the length of a key that is absent. */
const NO_KEY = '-';

/**
 * The records of one entry as one text: in the first line the lengths of keys and values in
 * bytes, in turn, behind it the keys and values themselves. So values are handed out as they
 * came in, byte for byte, and parsed by whoever wants to know. A key may hold half a surrogate
 * pair, a value is JSON or well-formed: no two halves meet and become one character.
 */
export function packRecords(records: readonly Pick<LogAppend, 'key' | 'value'>[]): string {
  const lengths: (number | string)[] = [];
  let contents = '';
  for (const { key, value } of records) {
    lengths.push(key === null ? NO_KEY : Buffer.byteLength(key), Buffer.byteLength(value));
    contents += key === null ? value : key + value;
  }
  return `${lengths.join(' ')}\n${contents}`;
}

export function unpackRecords(packed: Buffer): Content[] {
  let at = packed.indexOf('\n') + 1;
  const take = (length = NO_KEY): Buffer | null => {
    if (length === NO_KEY) return null;
    const from = at;
    at += Number(length);
    return packed.subarray(from, at);
  };
  const lengths = packed.toString('latin1', 0, at - 1).split(' ');
  const records: Content[] = [];
  for (let i = 0; i < lengths.length; i += 2)
    records.push({ key: take(lengths[i])?.toString() ?? null, value: take(lengths[i + 1]) });
  return records;
}
