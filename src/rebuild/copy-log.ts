import { z } from 'zod';
import { parsedJson } from '../events/json-text.ts';
import { type PartitionId, partitionName } from '../events/partition.ts';
import { partitionOf } from '../events/partitioner.ts';
import { tickRecord } from '../ingestion/control-records.ts';
import type { EventLog, LogAppend, Position, ReplayedRecord } from '../ingestion/ports/event-log.ts';

/** Records appended at a time. */
const CHUNK = 2_000;

/** As much of a record as says where it belongs; everything else is copied as it is. */
const routed = z.looseObject({
  control: z.string().optional(),
  /** Whose partition a record of the system itself belongs to. */
  for: z.string().optional(),
  user_id: z.string().optional(),
  anonymous_id: z.string().optional(),
  item_id: z.string().optional(),
  event_id: z.unknown().optional(),
  timestamp: z.unknown().optional(),
  at: z.number().optional(),
});

/** The new log does not take what is copied. */
class CopyFailed extends Error {
  readonly code = 'copy-failed';
  readonly retryable = true;
}

export interface CopyParts {
  readonly from: EventLog;
  readonly to: EventLog;
  readonly now: () => number;
  /** Lanes whose records are not copied. */
  readonly leftOut?: ReadonlySet<string> | undefined;
  readonly onProgress: (copied: number) => void;
  readonly signal: AbortSignal;
}

/**
 * Copies a log into one with another number of partitions, in the order in which its
 * records arrived, so that the events of a user keep their order and each lane's time
 * runs as it ran. What stood for all of a partition's users stands in each new one.
 */
export class LogCopy {
  private readonly parts: CopyParts;
  /** Partitions of the old log in which an import's lane is open. */
  private readonly lanes = new Map<string, Set<string>>();
  private pending: LogAppend[] = [];
  private copied = 0;
  /** The shop's time as it is now: that of its newest live event, and what has passed since that arrived. */
  private laneMs = 0;

  constructor(parts: CopyParts) {
    this.parts = parts;
  }

  /** Copies what lies between the positions. @throws CopyFailed */
  async run(from: ReadonlyMap<string, Position>, until: ReadonlyMap<string, Position>): Promise<void> {
    for await (const replayed of this.parts.from.replay(from, until)) {
      if (this.parts.signal.aborted) return;
      this.pending.push(...this.translate(replayed));
      this.copied += 1;
      if (this.pending.length >= CHUNK) await this.flush();
    }
    await this.flush();
  }

  /** Lane time stands at the arrival of the last record, and that is now: what has passed since is said by ticks. */
  async catchUp(): Promise<void> {
    if (this.laneMs === 0) return;
    this.pending.push(...this.partitionsOf('events').map((partition) => tickRecord(partition, this.laneMs)));
    await this.flush();
  }

  private async flush(): Promise<void> {
    const outcomes = await this.parts.to.append(this.pending.splice(0));
    const failed = outcomes.find(({ outcome }) => outcome === 'failed');
    if (failed?.outcome === 'failed')
      throw new CopyFailed(`the new log does not take what is copied: ${failed.reason}`);
    this.parts.onProgress(this.copied);
  }

  private translate(replayed: ReplayedRecord): LogAppend[] {
    const { partition, record } = replayed;
    const { key, importId } = record;
    if (importId !== undefined && this.parts.leftOut?.has(importId)) return [];
    const value = Buffer.from(record.value ?? '').toString('utf8');
    const parsed = routed.safeParse(parsedJson(value));
    const own = this.partitionFor(partition.topic, key ?? '');
    // What is no event goes along, to lie with the dead letters again.
    if (!parsed.success) return [{ partition: own, key, value, importId }];
    const { data } = parsed;
    if (data.control !== undefined) return this.control(replayed, data.control, data.for ?? data.user_id, value);
    const timestamp = data.timestamp ?? new Date(record.arrivedAtMs).toISOString();
    const fallback = `${partitionName(partition)}-${this.parts.from.describe(record.position)}`;
    const event = { ...data, timestamp, event_id: data.event_id ?? fallback };
    if (importId !== undefined) this.laneOf(importId).add(partitionName(partition));
    else if (partition.topic === 'events') this.advanceTime(timestamp, record.arrivedAtMs);
    const owner = data.user_id ?? data.anonymous_id ?? data.item_id ?? key ?? '';
    return [
      { partition: this.partitionFor(partition.topic, owner), key: owner, value: JSON.stringify(event), importId },
    ];
  }

  private control(replayed: ReplayedRecord, kind: string, owner: string | undefined, value: string): LogAppend[] {
    const { partition, record } = replayed;
    const { importId, key } = record;
    if (owner !== undefined) return [{ partition: this.partitionFor('events', owner), key, value, importId }];
    if (kind === 'close' && !this.closesLast(importId ?? '', partition)) return [];
    const all = kind === 'close' ? this.parts.to.partitions : this.partitionsOf(partition.topic);
    return all.map((to) => ({ partition: to, key: null, value, importId }));
  }

  /** An import's lane closes when it has closed in each partition of the old log that it was in. */
  private closesLast(importId: string, partition: PartitionId): boolean {
    const open = this.laneOf(importId);
    open.delete(partitionName(partition));
    return open.size === 0;
  }

  private laneOf(importId: string): Set<string> {
    const known = this.lanes.get(importId) ?? new Set();
    this.lanes.set(importId, known);
    return known;
  }

  private advanceTime(timestamp: unknown, arrivedAtMs: number): void {
    const atMs = typeof timestamp === 'number' ? timestamp : Date.parse(String(timestamp));
    const laneMs = atMs + this.parts.now() - arrivedAtMs;
    if (laneMs > this.laneMs) this.laneMs = laneMs;
  }

  private partitionFor(topic: PartitionId['topic'], owner: string): PartitionId {
    return { topic, index: partitionOf(owner, this.partitionsOf(topic).length) };
  }

  private partitionsOf(topic: PartitionId['topic']): PartitionId[] {
    return this.parts.to.partitions.filter((one) => one.topic === topic);
  }
}
