import type { FoldSettings } from '../../../src/fold/settings.ts';
import type { AppendOutcome, LogAppend, ReplayedRecord } from '../../../src/ingestion/ports/event-log.ts';
import { LogCopy } from '../../../src/rebuild/copy-log.ts';
import { PartitionedShop } from '../core/partitioned-shop.ts';
import { StillLog } from '../fakes/still-log.ts';

/** A log that is read from its beginning to its end. */
class ReadLog extends StillLog {
  private readonly records: readonly ReplayedRecord[];

  constructor(partitions: number, records: readonly ReplayedRecord[]) {
    super(partitions);
    this.records = records;
  }

  override async *replay(): AsyncGenerator<ReplayedRecord> {
    yield* this.records;
  }
}

/** A log whose records a shop counts. */
class TakenLog extends StillLog {
  private readonly shop: PartitionedShop;

  constructor(shop: PartitionedShop) {
    super(shop.partitions);
    this.shop = shop;
  }

  override append(records: readonly LogAppend[]): Promise<AppendOutcome[]> {
    for (const { partition, value } of records) this.shop.append(partition.index, value);
    return Promise.resolve(records.map(() => ({ outcome: 'acknowledged' })));
  }
}

/** A rebuild's copy of what a shop has counted, for another number of partitions; nothing of it is counted yet. */
export async function recut(
  shop: PartitionedShop,
  partitions: number,
  settings: FoldSettings,
): Promise<PartitionedShop> {
  const copied = new PartitionedShop(partitions, { settings, isMuted: true });
  const [from, to] = [new ReadLog(shop.partitions, shop.records), new TakenLog(copied)];
  // Nothing is said of a time before the copy: what it is now, records arrive then.
  const nowMs = Math.max(...shop.records.map(({ record }) => record.arrivedAtMs));
  copied.arriveAt(nowMs);
  const { signal } = new AbortController();
  await new LogCopy({ from, to, now: () => nowMs, onProgress: () => undefined, signal }).run(new Map(), new Map());
  return copied;
}
