import { z } from 'zod';
import { type PartitionId, partitionName } from '../events/partition.ts';
import { partitionOf } from '../events/partitioner.ts';
import type { OutboxEntry } from '../fold/carts/cart-message.ts';
import { parseOutgoing } from '../fold/links/outgoing.ts';
import type { Logger } from '../runtime/logger.ts';
import { backoff, jittered } from '../runtime/retry.ts';
import type { EventLog } from './ports/event-log.ts';
import type { OutboxStore } from './ports/outbox-store.ts';

/** A message may be of a hundred kilobytes: so many that nobody else waits long for what handles them. */
const AT_ONCE = { messages: 500, bytes: 524_288 };
const PAUSES = { firstMs: 500, longestMs: 15_000 };

const entrySchema = z.object({ topic: z.enum(['abandoned', 'recovered']), key: z.string(), value: z.string() });

/** The log does not take a record at the moment. */
class LogRefused extends Error {
  readonly code = 'log-refused';
  readonly retryable = true;
}

/** Is told of carts beside the topics. */
export interface CartListener {
  notify(entries: readonly OutboxEntry[]): Promise<void>;
}

export interface OutboxPublisherParts {
  readonly store: OutboxStore;
  /** Records for other partitions. */
  readonly records: OutboxStore;
  readonly log: Pick<EventLog, 'publish' | 'append' | 'partitions'>;
  readonly listener: CartListener;
  readonly now: () => number;
  readonly logger: Logger;
}

interface Draining {
  running: boolean;
  again: boolean;
  failures: number;
  notBeforeMs: number;
}

/**
 * Publishes what a partition's commits left in its outboxes: records for other partitions join the log, messages about carts their
 * topics; at least once, a cart's `recovered` after its `abandoned` was acknowledged, also where the cart has gone over to another
 * partition in between. Called by the partition's owner, so that there is one publisher for each;
 * a message goes only when the topic has it, so that nothing is lost when the process dies in between.
 */
export class OutboxPublisher {
  private readonly parts: OutboxPublisherParts;
  private readonly partitions = new Map<string, Draining>();
  private readonly work = new Set<Promise<void>>();
  private stopped = false;

  constructor(parts: OutboxPublisherParts) {
    this.parts = parts;
  }

  /** Something may wait. Returns at once: counting does not wait for a broker. */
  kick(partition: PartitionId): void {
    const name = partitionName(partition);
    const draining = this.partitions.get(name) ?? { running: false, again: false, failures: 0, notBeforeMs: 0 };
    this.partitions.set(name, draining);
    if (this.stopped || this.parts.now() < draining.notBeforeMs) return;
    if (draining.running) {
      draining.again = true;
      return;
    }
    draining.running = true;
    const work = this.drain(partition, draining).finally(() => {
      draining.running = false;
      this.work.delete(work);
    });
    this.work.add(work);
  }

  /** Waits for what is on its way. */
  async stop(): Promise<void> {
    this.stopped = true;
    await Promise.all(this.work);
  }

  private async drain(partition: PartitionId, draining: Draining): Promise<void> {
    try {
      do {
        draining.again = false;
        while (!this.stopped && (await this.sendSome(partition)));
      } while (draining.again && !this.stopped);
      draining.failures = 0;
    } catch (error) {
      // The owner's next kick tries again: a loop here would go on publishing when another process owns the partition.
      draining.failures += 1;
      draining.notBeforeMs = this.parts.now() + jittered(backoff(draining.failures, PAUSES));
      const details = { partition: partitionName(partition), error: String(error) };
      this.parts.logger.warn(details, 'what counting has to tell others waits to be published');
    }
  }

  /** What was said of a cart goes out before the cart goes over to a user. @returns whether more may wait */
  private async sendSome(partition: PartitionId): Promise<boolean> {
    const texts = await this.parts.records.waiting(partition, AT_ONCE);
    while (!this.stopped && (await this.publishSome(partition)));
    if (texts.length === 0 || this.stopped) return false;
    await this.append(partition, texts);
    return true;
  }

  /** In their order, as far as the log takes them. */
  private async append(partition: PartitionId, texts: readonly string[]): Promise<void> {
    const { records, log } = this.parts;
    const partitions = log.partitions.filter(({ topic }) => topic === 'events').length;
    const appends = texts.map((text) => {
      const { to, key, value } = parseOutgoing(text);
      return { partition: { topic: 'events', index: partitionOf(to, partitions) } as const, key, value };
    });
    const outcomes = await log.append(appends);
    const taken = texts.filter((_, i) => outcomes[i]?.outcome === 'acknowledged');
    if (taken.length > 0) await records.remove(partition, taken);
    const failed = outcomes.find(({ outcome }) => outcome === 'failed');
    if (failed?.outcome === 'failed') throw new LogRefused(failed.reason);
  }

  /** @returns whether more may wait */
  private async publishSome(partition: PartitionId): Promise<boolean> {
    const { store, log, listener } = this.parts;
    const texts = await store.waiting(partition, AT_ONCE);
    if (texts.length === 0) return false;
    const entries = texts.map((text) => entrySchema.parse(JSON.parse(text)));
    // All that were abandoned first: a cart is abandoned before it is recovered.
    for (const topic of ['abandoned', 'recovered'] as const)
      await log.publish(
        topic,
        entries.filter((entry) => entry.topic === topic),
      );
    await listener.notify(entries);
    await store.remove(partition, texts);
    return true;
  }
}
