import { z } from 'zod';
import type { PartitionId } from '../../events/partition.ts';
import type { LogRecord, Position, ReplayedRecord } from '../../ingestion/ports/event-log.ts';
import type { RedisClient } from '../redis/client/connection.ts';
import { entryOf, offsetOf, positionAt } from './position.ts';

const ENTRIES_PER_READ = 8;

export const entriesReply = z.array(z.tuple([z.string(), z.array(z.string())]));
const payload = z.array(z.string().nullable());

/** The records of one entry, each with its place. */
export function toRecords(id: string, fields: readonly string[]): LogRecord[] {
  const named = new Map<string, string>();
  for (let i = 0; i + 1 < fields.length; i += 2) named.set(fields[i] ?? '', fields[i + 1] ?? '');
  const first = Number(named.get('first'));
  const flat = payload.parse(JSON.parse(named.get('records') ?? '[]'));
  const arrivedAtMs = Number(id.slice(0, id.indexOf('-')));
  const records: LogRecord[] = [];
  for (let i = 0; i + 1 < flat.length; i += 2) {
    const offset = first + i / 2;
    const value = flat[i + 1];
    records.push({
      position: positionAt(offset, id),
      next: positionAt(offset + 1, id),
      key: flat[i] ?? null,
      value: value === null || value === undefined ? null : Buffer.from(value),
      importId: named.get('import'),
      arrivedAtMs,
    });
  }
  return records;
}

/** The oldest record's place; undefined where the stream holds none. */
export async function firstOf(redis: RedisClient, key: string): Promise<Position | undefined> {
  const [entry] = entriesReply.parse(await redis.xrange(key, '-', '+', 'COUNT', 1));
  return entry && toRecords(...entry)[0]?.position;
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
    const entries = entriesReply.parse(await redis.xrange(key, entryOf(position), '+', 'COUNT', ENTRIES_PER_READ));
    const records = entries
      .flatMap(([id, fields]) => toRecords(id, fields))
      .filter((record) => offsetOf(record.next) > offsetOf(position));
    if (records.length === 0) return;
    for (const record of records) {
      if (offsetOf(record.position) >= offsetOf(until)) return;
      yield { partition, record };
      position = record.next;
    }
  }
}
