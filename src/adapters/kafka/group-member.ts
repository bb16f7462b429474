import { setTimeout as sleep } from 'node:timers/promises';
import type { Consumer, EachBatchHandler, Kafka } from 'kafkajs';

const SESSION_MS = 10_000;
const LONGEST_PAUSE_MS = 5_000;

/** Partition numbers by topic. */
export type Assignment = Readonly<Record<string, readonly number[]>>;

export interface GroupMemberParts {
  readonly kafka: Kafka;
  readonly group: string;
  readonly topics: readonly string[];
  /** Partitions of which a batch may be handed out at the same time. */
  readonly atOnce: number;
  readonly eachBatch: EachBatchHandler;
  /** The group was shared anew; the client does not wait for this. */
  joined(assignment: Assignment): Promise<void>;
  /** It is tried again. */
  interrupted(error: unknown): void;
  /** It is not. */
  failed(error: unknown): void;
}

/** Membership in the consumer group: a client that gives up on broken brokers is made anew until they are back. */
export class GroupMember {
  private readonly parts: GroupMemberParts;
  private consumer: Consumer;
  private entering: Promise<void> = Promise.resolve();
  private leaving = false;

  constructor(parts: GroupMemberParts) {
    this.parts = parts;
    this.consumer = this.make();
  }

  /** Kafka's client as it is now. */
  get client(): Consumer {
    return this.consumer;
  }

  async enter(): Promise<void> {
    await this.enterWith(this.consumer);
  }

  /** From here on it is not entered anew. */
  async prepareToLeave(): Promise<void> {
    this.leaving = true;
    await this.entering;
  }

  async leave(): Promise<void> {
    await this.consumer.stop().catch(() => undefined);
    await this.consumer.disconnect().catch(() => undefined);
  }

  private make(): Consumer {
    return this.parts.kafka.consumer({
      groupId: this.parts.group,
      sessionTimeout: SESSION_MS,
      rebalanceTimeout: 2 * SESSION_MS,
      heartbeatInterval: 2_000,
      maxWaitTimeInMs: 100,
      // About a batch, 1,700 records: what waits decoded takes memory, and small batches take time.
      maxBytesPerPartition: 524_288,
      retry: { initialRetryTime: 100, maxRetryTime: 2_000, retries: 10, restartOnFailure: async () => true },
    });
  }

  private async enterWith(consumer: Consumer): Promise<void> {
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
      if (consumer !== this.consumer) return;
      void this.parts.joined(payload.memberAssignment).catch((error: unknown) => this.parts.interrupted(error));
    });
    consumer.on(consumer.events.CRASH, ({ payload }) => {
      if (payload.restart || consumer !== this.consumer) return;
      if (payload.error.name.startsWith('KafkaJS')) this.entering = this.enterAnew(payload.error);
      else this.parts.failed(payload.error);
    });
    await consumer.connect();
    await consumer.subscribe({ topics: [...this.parts.topics], fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: this.parts.atOnce,
      eachBatch: this.parts.eachBatch,
    });
  }

  /** The client gives some troubles with brokers up for good; for counting they are over when the brokers are back. */
  private async enterAnew(error: unknown): Promise<void> {
    this.parts.interrupted(error);
    for (let attempt = 1; !this.leaving; attempt++) {
      await sleep(Math.min(LONGEST_PAUSE_MS, 100 * 2 ** attempt) * (0.5 + Math.random() / 2));
      const old = this.consumer;
      this.consumer = this.make();
      await old.disconnect().catch(() => undefined);
      try {
        return await this.enterWith(this.consumer);
      } catch (again) {
        this.parts.interrupted(again);
      }
    }
  }
}
