import { type PartitionId, partitionName } from '../events/partition.ts';
import { releaseRecord } from './control-records.ts';
import type { Watermark } from './outbox/watermark.ts';
import type { EventLog } from './ports/event-log.ts';
import type { StateStore } from './ports/state-store.ts';

/** Users are looked for this often, so many at a time. */
const EVERY_MS = 5_000;
const MOST_USERS = 500;
/** A partition that nobody counts holds up no user of another for longer. */
const LONGEST_MS = 10 * 60_000;

/** When a user was first seen to be overdue: by the clock, and how often all that had arrived was counted by then. */
interface Overdue {
  readonly sinceMs: number;
  readonly rounds: number;
}

interface Looked {
  atMs: number;
  users: ReadonlyMap<string, Overdue>;
}

export interface OverdueLinksParts {
  readonly store: Pick<StateStore, 'linksDue'>;
  readonly log: Pick<EventLog, 'append'>;
  readonly now: () => number;
  /** Without one nothing is waited for. */
  readonly watermark?: Pick<Watermark, 'advance' | 'rounds'> | undefined;
}

/**
 * Users whose guests' sessions do not come are counted without: a record in the log says so. Behind a backlog lane time runs on while links
 * and merges stand at its end, so it is made sure that all that had arrived is counted, and what followed from it.
 */
export class OverdueLinks {
  private readonly parts: OverdueLinksParts;
  private readonly partitions = new Map<string, Looked>();

  constructor(parts: OverdueLinksParts) {
    this.parts = parts;
  }

  /** Somebody else may look for them from here on. */
  invalidate(partition: PartitionId): void {
    this.partitions.delete(partitionName(partition));
  }

  async release(partition: PartitionId, laneMs: number): Promise<void> {
    const { store, log, now, watermark } = this.parts;
    const name = partitionName(partition);
    const looked = this.partitions.get(name) ?? { atMs: Number.NEGATIVE_INFINITY, users: new Map() };
    this.partitions.set(name, looked);
    if (looked.users.size > 0) await watermark?.advance();
    const nowMs = now();
    if (nowMs - looked.atMs < EVERY_MS) return;
    looked.atMs = nowMs;
    const due = await store.linksDue(partition, laneMs, MOST_USERS);
    const known = looked.users;
    const first: Overdue = { sinceMs: nowMs, rounds: watermark?.rounds ?? 0 };
    looked.users = new Map(due.map((userId) => [userId, known.get(userId) ?? first]));
    const released = [...looked.users].flatMap(([userId, overdue]) => (this.isSure(overdue) ? [userId] : []));
    if (released.length > 0) await log.append(released.map((userId) => releaseRecord(partition, userId)));
  }

  /** The round that was under way may have begun before the user was overdue; the one after it has not. */
  private isSure({ sinceMs, rounds }: Overdue): boolean {
    const { watermark, now } = this.parts;
    return watermark === undefined || watermark.rounds >= rounds + 2 || now() - sinceMs > LONGEST_MS;
  }
}
