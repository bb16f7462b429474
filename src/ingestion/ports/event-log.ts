import type { PartitionId } from '../../events/partition.ts';

/** A place in one partition of the log; only the log's adapter knows what it says. */
export type Position = string & { readonly __position: never };

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

/**
 * Records of one partition, in its order, as the log handed them out: columns over the bytes in which they lie, so that
 * nothing need be made for a record. What is asked for seldom is made when it is asked for. The bytes are not copied, and
 * must not be changed.
 */
export interface RecordBatch {
  readonly length: number;
  /** Where each record's value lies in `bytesOf(i)`; both -1 where it has none. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** When the log took each record. */
  readonly arrivedAtMs: Float64Array;
  /** The bytes in which a record's value lies; records that came together often lie in the same. */
  bytesOf(i: number): Buffer;
  /** The import that a record belongs to; live where absent. */
  importOf(i: number): string | undefined;
  positionOf(i: number): Position;
  /** Where reading goes on after a record. */
  nextOf(i: number): Position;
  record(i: number): LogRecord;
  /** The records from one place up to another, or to the end; nothing is copied. */
  slice(from: number, to?: number): RecordBatch;
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
  /**
   * The partition is this process's now. Returns where to read
   * from; commits of earlier owners are refused from here on.
   */
  claim(partition: PartitionId): Promise<Position>;
  /** One record at least. Returns where to go on: behind the records, or wherever the store says that counting stands. */
  process(partition: PartitionId, records: RecordBatch): Promise<Position>;
  /** Nothing waits in the partition at the moment. Returns where counting stands. */
  idle(partition: PartitionId): Promise<Position | undefined>;
  /**
   * Records up to `to` are gone from the log uncounted: counting goes on behind them, and how many they were is kept.
   */
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
  eraseUser(userId: string): Promise<void>;
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
  /** Where reading goes on behind so many records of a partition; where the log has forgotten them, at its beginning. */
  positionAt(partition: PartitionId, place: number): Promise<Position>;
  /** Where an empty partition begins. */
  readonly start: Position;
  close(): Promise<void>;
}
