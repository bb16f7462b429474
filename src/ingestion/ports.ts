import type { Writes } from '../analytics/writes.ts';

/** A place in one partition of the log; only the log's adapter knows what it says. */
export type Position = string & { readonly __position: never };

/** One partition of one of the log's topics. */
export interface PartitionId {
  readonly topic: 'events' | 'inventory';
  readonly index: number;
}

export const partitionName = ({ topic, index }: PartitionId): string => `${topic}-${index}`;

export interface LogRecord {
  readonly position: Position;
  /** Where reading goes on after this record. */
  readonly next: Position;
  readonly key: string | null;
  readonly value: Uint8Array | null;
  /** The import that the record belongs to; live where absent. */
  readonly importId: string | undefined;
  /** When the log took it. */
  readonly arrivedAtMs: number;
}

export interface ReplayedRecord {
  readonly partition: PartitionId;
  readonly record: LogRecord;
}

export interface LogAppend {
  readonly partition: PartitionId;
  readonly key: string | null;
  readonly value: string;
  readonly importId?: string | undefined;
}

export type AppendOutcome =
  | { readonly outcome: 'acknowledged' }
  | { readonly outcome: 'failed'; readonly reason: string };

export interface DeadLetter {
  readonly partition: PartitionId;
  readonly record: LogRecord;
  readonly reason: string;
}

/** What the log calls its owner of partitions with. A partition's calls never overlap. */
export interface PartitionHandler {
  /** The partition is this process's now. Returns where to read from; commits of earlier owners are refused from here on. */
  claim(partition: PartitionId): Promise<Position>;
  /** Returns where to go on: behind the records, or wherever the store says that counting stands. */
  process(partition: PartitionId, records: readonly LogRecord[]): Promise<Position>;
  /** Nothing waits in the partition at the moment. Returns where counting stands. */
  idle(partition: PartitionId): Promise<Position | undefined>;
  /** Records up to `to` are gone from the log uncounted: counting goes on behind them, and how many they were is kept. */
  skip(partition: PartitionId, to: Position, missing: number): Promise<Position>;
  release(partition: PartitionId): void;
}

export interface Consumption {
  /** Resolves when work in hand is committed and nothing more is read. */
  stop(): Promise<void>;
  /** Rejects when consuming can't go on; never resolves otherwise. */
  readonly failed: Promise<never>;
}

/** Counting for the answers, or folding the log anew beside it; each shares partitions among its own. */
export type Purpose = 'count' | 'rebuild';

/** Topics that others read. */
export type OutTopic = 'abandoned' | 'recovered' | 'actions';

export interface OutMessage {
  readonly key: string;
  readonly value: string;
}

/** The event log: Kafka, or Redis Streams for the embedded default. */
export interface EventLog {
  readonly partitions: readonly PartitionId[];
  /** One outcome for each record, in order. An acknowledged record survives a crash. */
  append(records: readonly LogAppend[]): Promise<AppendOutcome[]>;
  deadLetter(letters: readonly DeadLetter[]): Promise<void>;
  /** Resolves when all of them are acknowledged; after a failure any of them may have gone out. */
  publish(topic: OutTopic, messages: readonly OutMessage[]): Promise<void>;
  /** Takes a user out of what the log itself keeps where it can; what it can't goes with its retention. */
  forget(userId: string): Promise<void>;
  consume(handler: PartitionHandler, purpose?: Purpose): Promise<Consumption>;
  /**
   * The records between the positions of all partitions, in the order in which they arrived; from where the log begins
   * where it begins later.
   */
  replay(from: ReadonlyMap<string, Position>, until: ReadonlyMap<string, Position>): AsyncIterable<ReplayedRecord>;
  /** How many consumers count at the moment, wherever they run. */
  consumers(): Promise<number>;
  /** For each partition: its oldest record. */
  begins(): Promise<Map<string, Position>>;
  /** For each partition: behind its newest record. */
  ends(): Promise<Map<string, Position>>;
  /** Records between two positions of a partition, and how a position is shown to people. */
  distance(from: Position, to: Position): number;
  describe(position: Position): string;
  /** Where an empty partition begins. */
  readonly start: Position;
  /** Tells the log what is counted, for those who watch it from outside; never needed for correctness. */
  close(): Promise<void>;
}

export interface LaneTime {
  readonly timeMs: number;
  readonly arrivedAtMs: number;
}

/** What the store holds of a partition when it is claimed. */
export interface Claim {
  readonly epoch: number;
  readonly position: Position | undefined;
  readonly lanes: ReadonlyMap<string, LaneTime>;
}

/** What a batch needs to know of one lane. */
export interface LaneNeeds {
  readonly lane: string;
  readonly timeMs: number | undefined;
  /** Users and sessions, by the fields under which they are kept. */
  readonly visitors: readonly string[];
  /** Whose carts are asked for. */
  readonly users: readonly string[];
  readonly seen: readonly string[];
  readonly orders: readonly string[];
  /** Whose newest session's beginning is asked for. */
  readonly known: readonly string[];
  /** Newest moment of the batch: carts due before it are needed. */
  readonly untilMs: number;
}

export interface Bucketed {
  readonly bucket: number;
  readonly value: string;
}

export interface LaneSnapshot {
  readonly visitors: ReadonlyMap<string, Bucketed>;
  readonly seen: ReadonlyMap<string, Bucketed>;
  readonly orders: ReadonlyMap<string, Bucketed>;
  readonly known: ReadonlyMap<string, Bucketed>;
  /** Of the users asked for and of those whose carts fall due. */
  readonly carts: ReadonlyMap<string, string>;
}

export type CommitOutcome =
  | { readonly outcome: 'applied' }
  /** This very commit was applied before; its reply had been lost. */
  | { readonly outcome: 'already-applied' }
  /** The store stands elsewhere: it went back in time, or another owner counted on. */
  | { readonly outcome: 'conflict' }
  /** Another owner has claimed the partition. */
  | { readonly outcome: 'fenced' }
  /** As much waits to be published as may; nothing was written. */
  | { readonly outcome: 'outbox-full' };

export interface Commit {
  readonly partition: PartitionId;
  readonly epoch: number;
  readonly expected: Position | undefined;
  readonly target: Position;
  /** Of the newest record; undefined where there is none, so that what was known stays. */
  readonly arrivedAtMs: number | undefined;
  readonly writes: Writes;
  readonly tallies: Readonly<Record<string, number>>;
  readonly deadLetters: readonly string[];
  /** A user of whom nothing is to be left among the dead letters. */
  readonly erased?: string | undefined;
}

/** Where folding keeps its state beside its answers. */
export interface StateStore {
  claim(partition: PartitionId): Promise<Claim>;
  /** Where counting stands, and whose it is by now. */
  standing(partition: PartitionId): Promise<Pick<Claim, 'epoch' | 'position'>>;
  read(partition: PartitionId, needs: readonly LaneNeeds[]): Promise<LaneSnapshot[]>;
  /** Everything that is left in a lane, for its closing. */
  readWhole(partition: PartitionId, lane: string, timeMs: number): Promise<LaneSnapshot>;
  /** Carts of the user that are listed, by day and field, for erasing them. */
  readListed(partition: PartitionId, userId: string): Promise<{ readonly day: string; readonly field: string }[]>;
  /** Everything that a lane keeps of one user, for erasing it. */
  readUser(partition: PartitionId, lane: string, timeMs: number, userId: string): Promise<LaneSnapshot>;
  /** The earliest moment at which a cart of the lane falls due. */
  nextDue(partition: PartitionId, lane: string): Promise<number | undefined>;
  commit(commit: Commit): Promise<CommitOutcome>;
}
