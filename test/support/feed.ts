import { connectRedis } from '../../src/adapters/redis/client/connection.ts';
import { Script } from '../../src/adapters/redis/client/script.ts';
import type { Retention } from '../../src/adapters/redis/commit/encode-commit.ts';
import { RedisStateStore } from '../../src/adapters/redis/commit/state-store.ts';
import { BUILT_IN_FUNNELS } from '../../src/analytics/funnel/funnel.ts';
import { definitions } from '../../src/analytics/index.ts';
import type { PartitionId } from '../../src/events/partition.ts';
import { plansOf } from '../../src/fold/state/bucket-plans.ts';
import { PartitionWorker } from '../../src/ingestion/partition-worker.ts';
import type {
  AppendOutcome,
  DeadLetter,
  EventLog,
  LogAppend,
  LogRecord,
  Position,
} from '../../src/ingestion/ports/event-log.ts';
import { Keyspace } from '../../src/metrics/keyspace.ts';
import { Calendar } from '../../src/time/calendar.ts';

const MIN = 60_000;
export const SETTINGS = {
  sessionTimeoutMs: 30 * MIN,
  cartTimeoutMs: 60 * MIN,
  dedupeWindowMs: 15 * MIN,
  transactionWindowMs: 30 * 24 * 60 * MIN,
  storeCurrency: 'USD',
  funnels: BUILT_IN_FUNNELS,
};

const RETENTION: Retention = { hourlyDays: 8, dailyDays: 400, caps: new Map([['interactions', 5]]) };

/** A log that hands nothing out by itself: tests hand records to the worker, cut as they like. */
export class StillLog implements EventLog {
  readonly partitions: readonly PartitionId[];
  readonly start = '0' as Position;
  readonly letters: DeadLetter[] = [];

  constructor(partitions: number) {
    this.partitions = Array.from({ length: partitions }, (_, index) => ({ topic: 'events', index }));
  }

  append(_records: readonly LogAppend[]): Promise<AppendOutcome[]> {
    return Promise.reject(new Error('nothing is appended here'));
  }

  eraseUser = () => Promise.resolve();
  publish = () => Promise.reject(new Error('nothing is published here'));
  consume = () => Promise.reject(new Error('nothing is consumed here'));
  ends = () => Promise.resolve(new Map());
  begins = () => Promise.resolve(new Map());
  consumers = () => Promise.resolve(0);
  replay = () => {
    throw new Error('nothing is replayed here');
  };
  distance = (from: Position, to: Position): number => Number(to) - Number(from);
  close = () => Promise.resolve();
  describe = (position: Position): string => position;

  deadLetter(letters: readonly DeadLetter[]): Promise<void> {
    this.letters.push(...letters);
    return Promise.resolve();
  }
}

export function record(offset: number, value: unknown, arrivedAtMs: number, importId?: string): LogRecord {
  return {
    position: String(offset) as Position,
    next: String(offset + 1) as Position,
    key: null,
    value: Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)),
    importId,
    arrivedAtMs,
  };
}

export interface Feed {
  readonly worker: PartitionWorker;
  readonly store: RedisStateStore;
  readonly log: StillLog;
  close(): void;
}

/** A worker on a real Redis, without a log behind it. */
export function feedInto(
  redisUrl: string,
  prefix: string,
  options: {
    partitions?: number;
    shards?: number;
    timezone?: string;
    retention?: Retention;
    commitScript?: Script;
    maxBatch?: number;
    muted?: boolean;
  } = {},
): Feed {
  const {
    partitions = 1,
    shards = 1,
    timezone = 'UTC',
    retention = RETENTION,
    commitScript,
    maxBatch,
    muted = false,
  } = options;
  const redis = connectRedis(redisUrl);
  const log = new StillLog(partitions);
  const store = new RedisStateStore({
    redis,
    keyspace: new Keyspace(prefix, 1, shards),
    plans: plansOf(SETTINGS),
    retention,
    ...(commitScript && { commitScript }),
  });
  const calendar = new Calendar(timezone);
  const parts = { store, log, settings: SETTINGS, calendar, definitions, muted, now: () => Date.now() };
  const worker = new PartitionWorker(maxBatch === undefined ? parts : { ...parts, maxBatch });
  return { worker, store, log, close: () => redis.disconnect() };
}

/** The commit script with the comparison of owner and position taken out. */
export function unguardedCommit(): Script {
  const { source } = Script.fromFile('commit');
  const unguarded = source.replace(/-- guard begins[\s\S]*?-- guard ends/, '');
  if (unguarded === source) throw new Error('the script has no guard to take out');
  return new Script(unguarded);
}
