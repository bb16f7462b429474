import { z } from 'zod';
import { parsedJson } from '../../events/json-text.ts';
import type { PartitionId } from '../../events/partition.ts';
import type { LogRecord, Position, ReplayedRecord } from '../../ingestion/ports/event-log.ts';
import type { RedisClient } from '../redis/client/connection.ts';
import { type Content, unpackRecords } from './packed-records.ts';
import { entryOf, offsetOf, positionAt, START } from './position.ts';

const ENTRIES_PER_READ = 8;

type Entry = readonly [id: Buffer, fields: readonly Buffer[]];
const bytes = z.instanceof(Buffer);
const readReply = z.array(z.tuple([bytes, z.array(z.tuple([bytes, z.array(bytes)]))])).nullable();
/** As earlier versions wrote records: a JSON array of keys and values in turn. */
const ARRAY_BEGINS = '['.charCodeAt(0);
const keysAndValues = z.array(z.string().nullable());

/** The records of one entry, each with its place. Fields lie in the order in which append-batch.lua writes them. */
function toRecords([idBytes, [, first, , records, , importBytes]]: Entry): LogRecord[] {
  if (first === undefined || records === undefined) return [];
  const id = idBytes.toString();
  const offset = Number(first);
  const importId = importBytes?.toString();
  const arrivedAtMs = Number(id.slice(0, id.indexOf('-')));
  return contentsOf(records).map(({ key, value }, i) => ({
    position: positionAt(offset + i, id),
    next: positionAt(offset + i + 1, id),
    key,
    value,
    importId,
    arrivedAtMs,
  }));
}

function contentsOf(records: Buffer): Content[] {
  if (records[0] !== ARRAY_BEGINS) return unpackRecords(records);
  const flat = keysAndValues.parse(parsedJson(records.toString()));
  return Array.from({ length: flat.length / 2 }, (_, i) => {
    const value = flat[2 * i + 1] ?? null;
    return { key: flat[2 * i] ?? null, value: value === null ? null : Buffer.from(value) };
  });
}

/** The oldest record's place; undefined where the stream holds none. */
export async function firstOf(redis: RedisClient, key: string): Promise<Position | undefined> {
  const [entry] = await redis.xrangeBuffer(key, '-', '+', 'COUNT', 1);
  return entry && toRecords(entry)[0]?.position;
}

/**
 * A few entries from the one at the position on; it may be
 * counted in part, and what lies before the position is left out.
 */
export async function readFrom(redis: RedisClient, key: string, position: Position): Promise<LogRecord[]> {
  const entries = await redis.xrangeBuffer(key, entryOf(position), '+', 'COUNT', ENTRIES_PER_READ);
  return entries.flatMap(toRecords).filter((record) => offsetOf(record.next) > offsetOf(position));
}

/** A few entries behind the one at the position; where there are none yet, they are waited for. */
export async function readBehind(
  redis: RedisClient,
  key: string,
  position: Position,
  blockMs: number,
): Promise<LogRecord[]> {
  const after = entryOf(position);
  const reply = await redis.xreadBuffer('COUNT', ENTRIES_PER_READ, 'BLOCK', blockMs, 'STREAMS', key, after);
  const streams = readReply.parse(reply) ?? [];
  return streams.flatMap(([, entries]) => entries.flatMap(toRecords));
}

/** The place behind so many records: in the entry that holds the last of them, from which reading goes on. */
export async function positionOf(redis: RedisClient, key: string, place: number): Promise<Position> {
  let from = '-';
  for (;;) {
    const entries = await redis.xrangeBuffer(key, from, '+', 'COUNT', ENTRIES_PER_READ);
    const records = entries.flatMap(toRecords);
    const found = records.find((record) => offsetOf(record.next) === place);
    if (found !== undefined) return found.next;
    const last = records.at(-1);
    // It was forgotten, or is yet to come.
    if (last === undefined || offsetOf(last.position) > place) return positionAt(place, entryOf(START));
    from = `(${entryOf(last.position)}`;
  }
}

/** The records of a partition between two positions. */
export async function* readRange(
  redis: RedisClient,
  key: string,
  partition: PartitionId,
  from: Position,
  until: Position,
): AsyncGenerator<ReplayedRecord> {
  let position = from;
  while (offsetOf(position) < offsetOf(until)) {
    const records = await readFrom(redis, key, position);
    if (records.length === 0) return;
    for (const record of records) {
      if (offsetOf(record.position) >= offsetOf(until)) return;
      yield { partition, record };
      position = record.next;
    }
  }
}
