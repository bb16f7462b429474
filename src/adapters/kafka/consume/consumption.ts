import { Mutex, Semaphore } from 'async-mutex';
import type { EachBatchPayload } from 'kafkajs';
import { type PartitionId, partitionName } from '../../../events/partition.ts';
import { PartitionLost } from '../../../ingestion/interruptions.ts';
import type { Consumption, Position } from '../../../ingestion/ports/event-log.ts';
import { messageOf } from '../../../runtime/errors.ts';
import { slicesOf } from '../fetch/slices.ts';
import { fetchedOffsetOf, toStoredBatches } from '../fetch/stored-batch.ts';
import type { Assigned, KafkaConsumptionParts } from './assigned.ts';
import { type Assignment, GroupMember } from './group-member.ts';
import { OffsetReports } from './offset-reports.ts';
import { behindGone, readInstead } from './read-offset.ts';

const IDLE_MS = 500;
const OFFSETS_MS = 1_000;
/** Records handed over at a time; between them the group hears of this consumer. */
const SLICE_RECORDS = 10_000;
/** Counted side by side: one is folded while the other waits for the store; more would wait in memory. */
const AT_ONCE = 2;

/**
 * A member of the consumer group. Kafka decides who reads a partition; where reading goes on, the store alone decides:
 * Kafka's own committed offsets follow afterwards, so that lag can be seen from outside.
 */
export class KafkaConsumption implements Consumption {
  readonly failed: Promise<never>;
  private readonly parts: KafkaConsumptionParts;
  private readonly member: GroupMember;
  private readonly assigned = new Map<string, Assigned>();
  /** Claims on their way. */
  private readonly claiming = new Map<string, Promise<Assigned | undefined>>();
  private readonly reports: OffsetReports;
  private stopping = false;
  private join = 0;
  private readonly slots = new Semaphore(AT_ONCE);
  /**
   * What ended counting that nobody waited for; the next batch
   * says so to the client, which then waits and begins anew.
   */
  private trouble: { readonly error: unknown } | undefined;
  private timers: NodeJS.Timeout[] = [];
  private fail: (error: unknown) => void = () => undefined;

  constructor(parts: KafkaConsumptionParts) {
    this.parts = parts;
    this.failed = new Promise((_, reject) => {
      this.fail = reject;
    });
    this.failed.catch(() => undefined);
    const { kafka, group, topics, logger } = parts;
    this.reports = new OffsetReports(topics, logger);
    this.member = new GroupMember({
      kafka,
      group,
      topics: Object.values(topics),
      atOnce: AT_ONCE,
      eachBatch: (payload) => this.eachBatch(payload),
      joined: (assignment) => this.takeOver(assignment),
      interrupted: (error) => this.interrupted(error),
      failed: (error) => this.fail(error),
    });
  }

  async start(): Promise<void> {
    await this.member.enter();
    const report = (): void => void this.reports.reportSoon(this.member.client, this.assigned.values());
    this.timers = [setInterval(() => this.idle(), IDLE_MS), setInterval(report, OFFSETS_MS)];
  }

  async stop(): Promise<void> {
    for (const timer of this.timers) clearInterval(timer);
    this.stopping = true;
    await this.member.prepareToLeave();
    await Promise.all([...this.assigned.values()].map(({ calls }) => calls.waitForUnlock()));
    await this.slots.waitForUnlock(AT_ONCE);
    // A consumer that has stopped may report nothing any more.
    await this.reports.report(this.member.client, this.assigned.values());
    await this.member.leave();
    for (const { partition } of this.assigned.values()) this.parts.handler.release(partition);
  }

  /** Listeners are not awaited, so reading may begin at the wrong place: eachBatch looks at where it was read from. */
  private async takeOver(assignment: Assignment): Promise<void> {
    this.join += 1;
    const join = this.join;
    for (const { partition } of this.assigned.values()) this.parts.handler.release(partition);
    this.assigned.clear();
    this.claiming.clear();
    this.trouble = undefined;
    for (const partition of this.parts.partitions) {
      if (!assignment[this.topicOf(partition)]?.includes(partition.index)) continue;
      if (this.assigned.has(partitionName(partition))) continue;
      const assigned = await this.assignedOr(partition);
      if (assigned === undefined || join !== this.join) return;
      this.seek(partition, assigned.position);
    }
  }

  private interrupted(error: unknown): void {
    this.parts.logger.warn({ error: messageOf(error) }, 'counting is interrupted; trying again');
  }

  /**
   * Begins to count, and lets the client fetch what follows
   * meanwhile: with one broker it fetches all partitions or none.
   */
  private async eachBatch(payload: EachBatchPayload): Promise<void> {
    const { batch, isStale, resolveOffset } = payload;
    const partition: PartitionId = {
      topic: batch.topic === this.parts.topics.events ? 'events' : 'inventory',
      index: batch.partition,
    };
    const assigned = await this.assignedOr(partition);
    if (assigned === undefined) return;
    await assigned.calls.waitForUnlock();
    this.throwTrouble();
    const [, freeSlot] = await this.slots.acquire();
    // The call before may have sent reading back.
    if (isStale() || !this.isCurrent(assigned)) return freeSlot();
    resolveOffset(batch.lastOffset());
    const counting = (): Promise<void> =>
      this.count(assigned, payload).catch((error: unknown) => this.endedBy(error, assigned));
    void assigned.calls.runExclusive(counting).finally(freeSlot);
  }

  /** What was not counted is read again; before it is, the client hears why it was not. */
  private endedBy(error: unknown, assigned: Assigned): void {
    if (!this.isCurrent(assigned)) return;
    this.giveUpIfLost(assigned, error);
    this.trouble = { error };
    try {
      this.seek(assigned.partition, assigned.position);
    } catch {
      // A client that is made anew meanwhile has no place to read from yet; it is told when it has its partitions.
    }
  }

  private throwTrouble(): void {
    const { trouble } = this;
    this.trouble = undefined;
    if (trouble !== undefined) throw trouble.error;
  }

  /** Another consumer has claimed it. Should Kafka hand this member a batch of it all the same, it is claimed anew. */
  private giveUpIfLost(assigned: Assigned, error: unknown): void {
    if (!(error instanceof PartitionLost && this.isCurrent(assigned))) return;
    this.assigned.delete(partitionName(assigned.partition));
    this.parts.handler.release(assigned.partition);
  }

  private isCurrent(assigned: Assigned): boolean {
    return this.assigned.get(partitionName(assigned.partition)) === assigned;
  }

  /**
   * Claimed once, whoever needs it first: after a second claim what is being counted would be counted, and said, again.
   * @returns undefined where the group was shared anew meanwhile
   */
  private async assignedOr(partition: PartitionId): Promise<Assigned | undefined> {
    const name = partitionName(partition);
    const known = this.assigned.get(name) ?? this.claiming.get(name);
    if (known !== undefined) return known;
    const claiming = this.claim(partition).finally(() => {
      if (this.claiming.get(name) === claiming) this.claiming.delete(name);
    });
    this.claiming.set(name, claiming);
    return claiming;
  }

  private async claim(partition: PartitionId): Promise<Assigned | undefined> {
    const { join } = this;
    const position = await behindGone(this.parts, partition, await this.parts.handler.claim(partition));
    if (join !== this.join) return undefined;
    const assigned = { partition, position, calls: new Mutex(), busyAtMs: 0, reported: undefined };
    this.assigned.set(partitionName(partition), assigned);
    return assigned;
  }

  private async count(assigned: Assigned, { batch, heartbeat, isRunning, isStale }: EachBatchPayload): Promise<void> {
    const { partition } = assigned;
    const batches = toStoredBatches(batch.messages);
    const last = batches.at(-1)?.lastOffset ?? -1;
    const instead = await readInstead(this.parts, assigned, fetchedOffsetOf(batch), last);
    if (instead !== undefined) return this.seek(partition, instead);
    // Once the group is shared anew, another batch counts on.
    const goesOn = (): boolean => !this.stopping && isRunning() && !isStale() && this.isCurrent(assigned);
    // A slice at a time: what is made of a record is larger than the record.
    for await (const slice of slicesOf(batches, Number(assigned.position), SLICE_RECORDS)) {
      if (!goesOn()) return;
      const expected = slice.nextOf(slice.length - 1);
      await this.advance(assigned, expected, () => this.parts.handler.process(partition, slice));
      if (assigned.position !== expected) return;
      await heartbeat();
    }
    // Records of transactions' own, of aborted ones, or none any more: they are not missing, and nobody lags behind for them.
    const end = String(last + 1) as Position;
    if (Number(assigned.position) < Number(end) && goesOn())
      await this.advance(assigned, end, () => this.parts.handler.skip(partition, end, 0));
  }

  /** Where the store stands elsewhere than was expected, reading goes on from there. */
  private async advance(assigned: Assigned, expected: Position, count: () => Promise<Position>): Promise<void> {
    assigned.busyAtMs = Date.now();
    assigned.position = await count();
    if (assigned.position !== expected && this.isCurrent(assigned)) this.seek(assigned.partition, assigned.position);
  }

  private seek(partition: PartitionId, position: Position): void {
    this.member.client.seek({ topic: this.topicOf(partition), partition: partition.index, offset: position });
  }

  private topicOf({ topic }: PartitionId): string {
    return this.parts.topics[topic];
  }

  private idle(): void {
    for (const assigned of this.assigned.values()) {
      if (Date.now() - assigned.busyAtMs < IDLE_MS) continue;
      const idling = (): Promise<void> =>
        this.idleFor(assigned).catch((error: unknown) => {
          this.giveUpIfLost(assigned, error);
          this.interrupted(error);
        });
      void assigned.calls.runExclusive(idling);
    }
  }

  private async idleFor(assigned: Assigned): Promise<void> {
    if (!this.isCurrent(assigned) || Date.now() - assigned.busyAtMs < IDLE_MS) return;
    assigned.busyAtMs = Date.now();
    const position = await this.parts.handler.idle(assigned.partition);
    if (position === undefined || position === assigned.position) return;
    assigned.position = position;
    this.seek(assigned.partition, position);
  }
}
