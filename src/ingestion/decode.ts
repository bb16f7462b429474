import { isUtf8 } from 'node:buffer';
import type { LogEvent } from '../events/event.ts';
import { parseJson } from '../events/json-text.ts';
import { parseRecord } from '../events/parse.ts';
import { type PartitionId, partitionName } from '../events/partition.ts';
import type { Columns } from '../fold/columns/columns.ts';
import type { HeldRecord } from '../fold/links/held-record.ts';
import { LIVE } from '../fold/settings.ts';
import { takesBack } from '../fold/taken-back/lane-name.ts';
import type { DimensionReader } from '../metrics/dimension.ts';
import type { DeadLetter, EventLog, LogRecord, RecordBatch } from './ports/event-log.ts';
import type { EventScanner } from './scan/event-scanner.ts';

/** Larger records are not events; parsing them would only hold up the partition. */
export const MAX_RECORD_BYTES = 1_048_576;

export type Decoded =
  | { readonly outcome: 'parsed'; readonly event: LogEvent }
  | { readonly outcome: 'rejected'; readonly reason: string };

/** Reads one record of the log. Never throws: what is no event says why. */
export function decodeRecord(
  record: Pick<LogRecord, 'value' | 'arrivedAtMs' | 'importId'>,
  { partition, storeCurrency, dimensions }: Pick<Decoding, 'partition' | 'storeCurrency' | 'dimensions'>,
  fallbackEventId: () => string,
): Decoded {
  const { value } = record;
  if (value === null) return { outcome: 'rejected', reason: 'the message has no value' };
  if (value.byteLength > MAX_RECORD_BYTES)
    return { outcome: 'rejected', reason: `the message is larger than ${MAX_RECORD_BYTES} bytes` };
  const json = toJson(value);
  if (json.outcome === 'rejected') return json;
  const parsed = parseRecord(json.value, {
    arrivedAtMs: record.arrivedAtMs,
    fallbackEventId,
    storeCurrency,
    isLive: record.importId === undefined,
    ownPaths: dimensions.ownPaths,
    valuesOf: (event) => dimensions.valuesOf(event),
  });
  if (parsed.outcome === 'parsed') return checkTopic(parsed.event, partition);
  return { outcome: 'rejected', reason: parsed.path === '' ? parsed.message : `${parsed.path}: ${parsed.message}` };
}

const MARK = Buffer.from('\ufeff');
/** Before a value, as serializers of a schema registry write it: a zero, and the schema's number in four bytes. */
const REGISTRY_BYTES = 5;

/** The JSON of a message: what may stand before it says nothing about the event. */
function jsonOf(bytes: Buffer): Buffer {
  if (bytes[0] === 0 && bytes[REGISTRY_BYTES] === '{'.charCodeAt(0)) return bytes.subarray(REGISTRY_BYTES);
  return bytes.subarray(0, MARK.length).equals(MARK) ? bytes.subarray(MARK.length) : bytes;
}

/** What stands in a text where bytes were no UTF-8. */
const REPLACEMENT = '\ufffd';

function toJson(value: Uint8Array): { outcome: 'json'; value: unknown } | { outcome: 'rejected'; reason: string } {
  const bytes = jsonOf(Buffer.isBuffer(value) ? value : Buffer.from(value.buffer, value.byteOffset, value.byteLength));
  const text = bytes.toString();
  if (text.includes(REPLACEMENT) && !isUtf8(bytes)) return { outcome: 'rejected', reason: 'the message is not UTF-8' };
  try {
    return { outcome: 'json', value: parseJson(text) };
  } catch {
    return { outcome: 'rejected', reason: 'the message is not JSON' };
  }
}

function checkTopic(event: LogEvent, { topic }: PartitionId): Decoded {
  if (topic === 'events' && event.kind === 'inventory')
    return { outcome: 'rejected', reason: `name: ${event.name} belongs on the inventory topic` };
  if (topic === 'inventory' && event.kind === 'shop')
    return { outcome: 'rejected', reason: `name: ${event.name} belongs on the events topic` };
  return { outcome: 'parsed', event };
}

/** What of a batch is no event, and whether all of it was looked at. */
export interface DecodedBatch {
  readonly rejected: readonly DeadLetter[];
  /** Place of the first record that cannot be counted with those before it: imports are taken back in units of their own. */
  readonly until?: number;
  /** Place of a record that must run alone; what lies behind it was not looked at. */
  readonly alone?: number;
}

export interface Decoding {
  readonly partition: PartitionId;
  readonly storeCurrency: string;
  readonly dimensions: DimensionReader;
  readonly log: Pick<EventLog, 'describe'>;
  /** To be filled. */
  readonly columns: Columns;
  /** Reads what is plainly a good event into the columns; all else is parsed and checked. */
  readonly scanner: EventScanner;
  /** Lanes whose records are passed over. */
  readonly leftOut?: ReadonlySet<string> | undefined;
  /** What a record says where that is known without reading it. */
  readonly known?: ((record: LogRecord) => LogEvent | undefined) | undefined;
}

export function decodeBatch(records: RecordBatch, decoding: Decoding): DecodedBatch {
  const { columns } = decoding;
  const rejected: DeadLetter[] = [];
  columns.clear();
  columns.rawOf = (place) => records.bytesOf(place).toString('utf8', records.starts[place], records.ends[place]);
  for (let place = 0; place < records.length; place += 1) {
    columns.bytes += (records.ends[place] ?? 0) - (records.starts[place] ?? 0);
    const lane = records.importOf(place) ?? LIVE;
    if (decoding.leftOut?.has(lane) === true) continue;
    if (!standsWith(lane, columns.lanes[0] ?? lane)) return { rejected, until: place };
    const arrivedAtMs = records.arrivedAtMs[place] ?? 0;
    if (decoding.known === undefined && isScanned(records, place, arrivedAtMs, decoding)) {
      columns.addRow(lane, place, arrivedAtMs);
      continue;
    }
    const record = records.record(place);
    const { partition, log } = decoding;
    const known = decoding.known?.(record);
    const fallbackEventId = (): string => `${partitionName(partition)}-${log.describe(record.position)}`;
    const decoded: Decoded =
      known === undefined ? decodeRecord(record, decoding, fallbackEventId) : { outcome: 'parsed', event: known };
    if (decoded.outcome === 'rejected') {
      rejected.push({ partition, record, reason: decoded.reason });
      continue;
    }
    const { event } = decoded;
    if (event.kind === 'shop') columns.setEvent(event);
    else columns.setRare(event);
    columns.addRow(lane, place, arrivedAtMs);
    if (mustRunAlone(event, lane)) return { rejected, alone: place };
  }
  return { rejected };
}

/** What imports counted is taken back in units of their own, since all that these add is taken off instead. */
const standsWith = (lane: string, first: string): boolean => lane === first || takesBack(lane) === takesBack(first);

/** Fills the columns' next row with an event that waited. @returns whether it is still an event to this version */
export function decodeHeld({ eventId, arrivedAtMs, raw }: HeldRecord, decoding: Decoding): boolean {
  const { columns, scanner } = decoding;
  const value = Buffer.from(raw);
  if (scanner.scan(value, 0, value.length, arrivedAtMs)) return true;
  const decoded = decodeRecord({ value, arrivedAtMs, importId: undefined }, decoding, () => eventId);
  if (decoded.outcome === 'rejected' || decoded.event.kind !== 'shop') return false;
  columns.setEvent(decoded.event);
  return true;
}

function isScanned(
  records: RecordBatch,
  place: number,
  arrivedAtMs: number,
  { partition, scanner }: Decoding,
): boolean {
  const [from = -1, to = -1] = [records.starts[place], records.ends[place]];
  if (partition.topic !== 'events' || from < 0 || to - from > MAX_RECORD_BYTES) return false;
  return scanner.scan(records.bytesOf(place), from, to, arrivedAtMs);
}

/** Closings and erasures need all that a lane or a user has. How they are written does not matter, so they are known when they are decoded. */
function mustRunAlone({ kind }: LogEvent, lane: string): boolean {
  return kind === 'erase' || (kind === 'close' && lane !== LIVE);
}

const SHOWN_MESSAGE_BYTES = 4_096;

/** A dead letter as the API lists it. */
export function showDeadLetter({ partition, record, reason }: DeadLetter, log: Pick<EventLog, 'describe'>): string {
  const { value, arrivedAtMs, position } = record;
  const message = value === null ? null : Buffer.from(value.subarray(0, SHOWN_MESSAGE_BYTES)).toString('utf8');
  return JSON.stringify({
    at: new Date(arrivedAtMs).toISOString(),
    topic: partition.topic,
    partition: partition.index,
    position: log.describe(position),
    reason,
    message,
  });
}
