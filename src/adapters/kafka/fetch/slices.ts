import type { RecordBatch } from '../../../ingestion/ports/event-log.ts';
import { split } from '../../../ingestion/split-batches.ts';
import { readRecords } from './kafka-records.ts';
import type { StoredBatch } from './stored-batch.ts';

/**
 * The records from an offset on, at most `most` at a time; about as many are unpacked at a time, so that what is packed well
 * does not take memory before its turn.
 * @throws UnreadableBatch
 */
export async function* slicesOf(
  batches: readonly StoredBatch[],
  fromOffset: number,
  most: number,
): AsyncGenerator<RecordBatch> {
  let group: StoredBatch[] = [];
  let count = 0;
  for (const [i, batch] of batches.entries()) {
    if (batch.lastOffset >= fromOffset) {
      group.push(batch);
      count += batch.count;
    }
    if (count < most && i < batches.length - 1) continue;
    yield* split(await readRecords(group, fromOffset), most);
    group = [];
    count = 0;
  }
}
