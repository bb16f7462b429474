import { partitionName } from '../../../src/events/partition.ts';
import type {
  AppendOutcome,
  LogAppend,
  LogRecord,
  Position,
  ReplayedRecord,
} from '../../../src/ingestion/ports/event-log.ts';
import { StillLog } from './still-log.ts';

/** What becomes of an append: whether the log takes the records, and whether it says so. */
export type AppendFate = 'acknowledged' | 'refused' | 'taken without a word';

/** A log in memory. Each append takes the next of the fates laid ready, for all partitions or for some. */
export class MemoryLog extends StillLog {
  readonly records = new Map<string, LogRecord[]>();
  /** By append, and in it by partition; what is not there is acknowledged. */
  readonly fates: ((partition: number) => AppendFate)[] = [];
  /** How many records each append was given. */
  readonly appends: number[] = [];
  private readonly now: () => number;

  constructor(partitions: number, now: () => number) {
    super(partitions);
    this.now = now;
  }

  override append(records: readonly LogAppend[]): Promise<AppendOutcome[]> {
    this.appends.push(records.length);
    const fateOf = this.fates.shift() ?? (() => 'acknowledged');
    return Promise.resolve(
      records.map((record): AppendOutcome => {
        const fate = fateOf(record.partition.index);
        if (fate !== 'refused') this.take(record);
        return fate === 'acknowledged' ? { outcome: fate } : { outcome: 'failed', reason: fate };
      }),
    );
  }

  override ends(): Promise<Map<string, Position>> {
    const end = (name: string) => String(this.records.get(name)?.length ?? 0) as Position;
    return Promise.resolve(new Map(this.partitions.map(partitionName).map((name) => [name, end(name)])));
  }

  override async *replay(
    from: ReadonlyMap<string, Position>,
    until: ReadonlyMap<string, Position>,
  ): AsyncGenerator<ReplayedRecord> {
    for (const partition of this.partitions) {
      const name = partitionName(partition);
      const records = this.records.get(name) ?? [];
      for (const record of records.slice(Number(from.get(name) ?? 0), Number(until.get(name))))
        yield { partition, record };
    }
  }

  private take({ partition, key, value, importId }: LogAppend): void {
    const name = partitionName(partition);
    const records = this.records.get(name) ?? [];
    const position = String(records.length) as Position;
    const next = String(records.length + 1) as Position;
    records.push({ position, next, key, value: Buffer.from(value), importId, arrivedAtMs: this.now() });
    this.records.set(name, records);
  }
}
