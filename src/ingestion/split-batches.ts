import type { RecordBatch } from './ports/event-log.ts';

/** Batches of equal size, none above `most`: a short rest would cost almost what a batch costs. */
export function split(records: RecordBatch, most: number): RecordBatch[] {
  const size = Math.ceil(records.length / Math.ceil(records.length / most));
  const batches: RecordBatch[] = [];
  for (let from = 0; from < records.length; from += size) batches.push(records.slice(from, from + size));
  return batches;
}

/** What lies before a record, and what begins with it. */
export function splitBefore(records: RecordBatch, place: number): RecordBatch[] {
  return [records.slice(0, place), records.slice(place)].filter(({ length }) => length > 0);
}

/** What lies before a record, the record by itself, and what lies behind it. */
export function isolate(records: RecordBatch, alone: number): RecordBatch[] {
  return [records.slice(0, alone), ...splitBefore(records.slice(alone), 1)].filter(({ length }) => length > 0);
}
