import { setTimeout as sleep } from 'node:timers/promises';
import type { Message, Producer } from 'kafkajs';
import type { AppendOutcome } from '../../../ingestion/ports/event-log.ts';
import { messageOf } from '../../../runtime/errors.ts';
import { withTimeout } from '../../../runtime/with-timeout.ts';

/** Keeps one request below the broker's default limit of 1 MiB for a batch. */
const MAX_REQUEST_BYTES = 900_000;
const MAX_REQUEST_MESSAGES = 5_000;
/**
 * So long a sender waits for the broker, its own retries included; the records may still arrive, and are then repeats.
 */
const TIMEOUT_MS = 12_000;

/** The first of a request waits this long for company: a request costs the broker far more than an event. */
const LINGER_MS = 2;

const SILENT: AppendOutcome = { outcome: 'failed', reason: 'the broker does not answer' };

interface Waiting {
  readonly message: Message;
  readonly bytes: number;
  readonly settle: (outcome: AppendOutcome) => void;
}

/**
 * Sends to one partition, one request in flight: what arrives meanwhile goes out together with the next.
 * A partition to itself, so that its outcome is known for itself.
 */
export class PartitionProducer {
  private waiting: Waiting[] = [];
  private sending: Promise<void> | undefined;
  private readonly producer: Producer;
  private readonly topic: string;
  private readonly partition: number;

  constructor(producer: Producer, topic: string, partition: number) {
    this.producer = producer;
    this.topic = topic;
    this.partition = partition;
  }

  append(message: Message, bytes: number): Promise<AppendOutcome> {
    const outcome = new Promise<AppendOutcome>((settle) => {
      this.waiting.push({ message, bytes, settle });
    });
    this.sending ??= sleep(LINGER_MS).then(() => this.drain());
    return outcome;
  }

  private async drain(): Promise<void> {
    while (this.waiting.length > 0) {
      const batch = this.take();
      const outcome = await this.send(batch.map(({ message }) => message));
      for (const { settle } of batch) settle(outcome);
      // What has waited behind a broker that does not answer is not made to wait for it again.
      if (outcome === SILENT) for (const { settle } of this.waiting.splice(0)) settle(outcome);
    }
    this.sending = undefined;
  }

  private take(): Waiting[] {
    let bytes = 0;
    let count = 0;
    for (const next of this.waiting) {
      if (count > 0 && (bytes + next.bytes > MAX_REQUEST_BYTES || count >= MAX_REQUEST_MESSAGES)) break;
      bytes += next.bytes;
      count += 1;
    }
    return this.waiting.splice(0, count);
  }

  private async send(messages: Message[]): Promise<AppendOutcome> {
    try {
      const placed = messages.map((message) => ({ ...message, partition: this.partition }));
      const sent = this.producer
        .send({ topic: this.topic, acks: -1, messages: placed })
        .then((): AppendOutcome => ({ outcome: 'acknowledged' }));
      return await withTimeout(TIMEOUT_MS, sent, () => SILENT);
    } catch (error) {
      return { outcome: 'failed', reason: messageOf(error) };
    }
  }
}
