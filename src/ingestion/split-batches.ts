import type { BatchEvent } from '../fold/batch.ts';
import { LIVE } from '../fold/settings.ts';
import type { LogRecord } from './ports/event-log.ts';

/** Records that are counted together; one at least. */
export type Batch = readonly [LogRecord, ...LogRecord[]];

const isBatch = (records: readonly LogRecord[]): records is Batch => records.length > 0;

/** Batches of equal size, none above `most`: a short rest would cost almost what a batch costs. */
export function split(records: readonly LogRecord[], most: number): Batch[] {
  const size = Math.ceil(records.length / Math.ceil(records.length / most));
  const batches: (readonly LogRecord[])[] = [];
  for (let from = 0; from < records.length; from += size) batches.push(records.slice(from, from + size));
  return batches.filter(isBatch);
}

/** Closings and erasures need all that a lane or a user has. How they are written does not matter, so they are known when they are decoded. */
export function mustRunAlone({ event, lane }: BatchEvent): boolean {
  return event.kind === 'erase' || (event.kind === 'close' && lane !== LIVE);
}

/** What lies before a record, and what begins with it. */
export function splitBefore(records: readonly LogRecord[], place: number): Batch[] {
  const parts: (readonly LogRecord[])[] = [records.slice(0, place), records.slice(place)];
  return parts.filter(isBatch);
}

/** What lies before a record, the record by itself, and what lies behind it. */
export function isolate(records: readonly LogRecord[], alone: number): Batch[] {
  const parts: (readonly LogRecord[])[] = [
    records.slice(0, alone),
    records.slice(alone, alone + 1),
    records.slice(alone + 1),
  ];
  return parts.filter(isBatch);
}
