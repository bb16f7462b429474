import TinyQueue from 'tinyqueue';
import { z } from 'zod';
import { parsedJson } from '../events/json-text.ts';
import type { LogRecord, ReplayedRecord } from './ports/event-log.ts';

/** What was sent together arrives in its partitions a little apart. */
const TOGETHER_MS = 1_000;

const timed = z.object({ timestamp: z.union([z.string().transform((text) => Date.parse(text)), z.number()]) });

interface Head {
  readonly replayed: ReplayedRecord;
  readonly of: AsyncIterator<ReplayedRecord>;
  readonly second: number;
  readonly timestampMs: number;
  readonly turn: number;
}

const first = (a: Head, b: Head): number =>
  a.second - b.second ||
  a.timestampMs - b.timestampMs ||
  a.replayed.record.arrivedAtMs - b.replayed.record.arrivedAtMs ||
  a.turn - b.turn;

/** Partitions, each in its own order, as one: by the second of their arrival, and within it by the events' own time. */
export async function* mergeByArrival(
  partitions: readonly AsyncIterable<ReplayedRecord>[],
): AsyncGenerator<ReplayedRecord> {
  const heads = new TinyQueue<Head>([], first);
  const advance = async (of: AsyncIterator<ReplayedRecord>, turn: number): Promise<void> => {
    const next = await of.next();
    if (next.done === true) return;
    const replayed = next.value;
    const second = Math.floor(replayed.record.arrivedAtMs / TOGETHER_MS);
    heads.push({ replayed, of, second, timestampMs: timestampOf(replayed.record), turn });
  };
  for (const [turn, partition] of partitions.entries()) await advance(partition[Symbol.asyncIterator](), turn);
  for (let head = heads.pop(); head !== undefined; head = heads.pop()) {
    yield head.replayed;
    await advance(head.of, head.turn);
  }
}

function timestampOf({ value, arrivedAtMs }: LogRecord): number {
  const parsed = timed.safeParse(parsedJson(Buffer.from(value ?? '').toString('utf8')));
  return parsed.success && Number.isFinite(parsed.data.timestamp) ? parsed.data.timestamp : arrivedAtMs;
}
