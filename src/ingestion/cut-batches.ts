import { type BatchEvent, LIVE } from './batch.ts';
import type { LogRecord } from './ports.ts';

/** Batches of equal size, none above `most`: a short rest would cost almost what a batch costs. */
export function cut(records: readonly LogRecord[], most: number): (readonly LogRecord[])[] {
  const size = Math.ceil(records.length / Math.ceil(records.length / most));
  const batches: LogRecord[][] = [];
  for (let from = 0; from < records.length; from += size) batches.push(records.slice(from, from + size));
  return batches;
}

/** Closings and erasures need all that a lane or a user has. How they are written does not matter, so they are known when they are decoded. */
export function standsAlone({ event, lane }: BatchEvent): boolean {
  return event.kind === 'erase' || (event.kind === 'close' && lane !== LIVE);
}

/** What lies before a record, the record by itself, and what lies behind it. */
export function apart(records: readonly LogRecord[], alone: number): (readonly LogRecord[])[] {
  const parts = [records.slice(0, alone), records.slice(alone, alone + 1), records.slice(alone + 1)];
  return parts.filter(({ length }) => length > 0);
}
