import type { PartitionId } from '../../events/partition.ts';
import { type OutboxEntry, parseOutboxEntry, retractionIdOf } from '../../fold/carts/cart-message.ts';
import { OUTBOX_BOUND } from '../../fold/settings.ts';
import { type Sleep, sleep } from '../../runtime/retry.ts';
import type { EventLog } from '../ports/event-log.ts';
import type { OutboxStore, RetractedMessages } from '../ports/outbox-store.ts';
import { AT_ONCE } from './drain.ts';
import type { Watermark } from './watermark.ts';

/** Counting pauses where the outbox is full, and what is not counted holds messages back: from here on the oldest leave as they are. */
export const CROWDED = 0.75 * OUTBOX_BOUND;
/** Between two looks whether more is counted. */
const PAUSE_MS = 100;
/** No run waits longer: another may own the partition by then. */
const LONGEST_MS = 2_000;

/** Is told of carts beside the topics. */
export interface CartListener {
  notify(entries: readonly OutboxEntry[]): Promise<void>;
}

export interface MessagePublisherParts {
  readonly abandoned: OutboxStore;
  readonly recovered: OutboxStore;
  readonly retracted: RetractedMessages;
  readonly watermark: Pick<Watermark, 'advance' | 'abandonedUpTo' | 'recoveredUpTo'>;
  readonly log: Pick<EventLog, 'publish'>;
  readonly listener: CartListener;
  readonly sleep?: Sleep;
}

/**
 * Publishes what was said of carts, once nothing that had arrived by then can show any more that it is wrong; at least once, and a cart's
 * `recovered` after its `abandoned` was acknowledged, also where the cart has gone over to another partition in between.
 */
export class MessagePublisher {
  private readonly parts: MessagePublisherParts;

  constructor(parts: MessagePublisherParts) {
    this.parts = parts;
  }

  async empty(partition: PartitionId, signal: AbortSignal): Promise<void> {
    const { watermark, sleep: pause = sleep } = this.parts;
    const began = performance.now();
    let hasSent = false;
    while (!signal.aborted && (await this.isAnyWaiting(partition))) {
      await watermark.advance();
      const sent = await this.sendSome(partition);
      hasSent ||= sent;
      if (sent) continue;
      if (performance.now() - began > LONGEST_MS) return;
      await pause(PAUSE_MS, signal);
    }
    if (hasSent) await this.dropRetractions(partition);
  }

  private async isAnyWaiting(partition: PartitionId): Promise<boolean> {
    const { abandoned, recovered } = this.parts;
    return (await abandoned.size(partition)) > 0 || (await recovered.size(partition)) > 0;
  }

  /** @returns whether there was any that may go */
  private async sendSome(partition: PartitionId): Promise<boolean> {
    const { abandoned, recovered, watermark } = this.parts;
    const first = await this.mayGo(partition, abandoned, watermark.abandonedUpTo(partition));
    if (first.length > 0) await this.send(partition, abandoned, first);
    const second = await this.mayGo(partition, recovered, watermark.recoveredUpTo(partition));
    if (second.length > 0) await this.send(partition, recovered, second);
    return first.length + second.length > 0;
  }

  private async mayGo(partition: PartitionId, store: OutboxStore, upTo: number): Promise<string[]> {
    const texts = await store.waiting(partition, AT_ONCE, upTo);
    if (texts.length > 0 || (await store.size(partition)) < CROWDED) return texts;
    return store.waiting(partition, AT_ONCE);
  }

  private async send(partition: PartitionId, store: OutboxStore, texts: readonly string[]): Promise<void> {
    const { log, listener, retracted } = this.parts;
    const wrong = await retracted.of(partition);
    const all = texts.map(parseOutboxEntry);
    const entries = all.filter((entry) => !wrong.has(retractionIdOf(entry) ?? ''));
    for (const topic of ['abandoned', 'recovered'] as const) {
      const of = entries.filter((entry) => entry.topic === topic);
      if (of.length > 0) await log.publish(topic, of);
    }
    if (entries.length > 0) await listener.notify(entries);
    await store.remove(partition, texts);
    const held = all.flatMap((entry) => retractionIdOf(entry) ?? []).filter((id) => wrong.has(id));
    if (held.length > 0) await retracted.remove(partition, held);
  }

  /** Where nothing waits that was said before them, they have done what they are for. */
  private async dropRetractions(partition: PartitionId): Promise<void> {
    const { abandoned, retracted } = this.parts;
    const ids = [...(await retracted.of(partition))];
    if (ids.length > 0 && (await abandoned.size(partition)) === 0) await retracted.remove(partition, ids);
  }
}
