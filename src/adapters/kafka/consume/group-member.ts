import type { Consumer, ConsumerConfig, EachBatchHandler } from 'kafkajs';
import { isRetryable } from '../../../runtime/errors.ts';
import { backoff, jittered, retry, type Sleep, sleep } from '../../../runtime/retry.ts';

const SESSION_MS = 10_000;
/**
 * What a fetch brings at most, whatever the number of partitions: while it is counted the next one waits in memory, so twice as much is
 * held. Below it, what one partition brings: one that is far behind leaves room for the others.
 */
const FETCH_BYTES = 8_000_000;
const PARTITION_BYTES = 6_000_000;
const ENTER_AGAIN = { firstMs: 200, longestMs: 5_000 };

/** What is used of Kafka's client. */
export interface GroupClients {
  consumer(config: ConsumerConfig): GroupClient;
}
export type GroupClient = Pick<
  Consumer,
  'events' | 'on' | 'connect' | 'subscribe' | 'run' | 'seek' | 'commitOffsets' | 'stop' | 'disconnect'
>;

/** Partition numbers by topic. */
export type Assignment = Readonly<Record<string, readonly number[]>>;

interface GroupMemberParts {
  readonly kafka: GroupClients;
  readonly group: string;
  readonly topics: readonly string[];
  /** Partitions of which a batch may be handed out at the same time. */
  readonly atOnce: number;
  readonly eachBatch: EachBatchHandler;
  /** The group was shared anew; the client does not wait for this. */
  joined(assignment: Assignment): Promise<void>;
  /** It is tried again. */
  readonly interrupted: (error: unknown) => void;
  /** It is not. */
  readonly failed: (error: unknown) => void;
  readonly sleep?: Sleep;
}

/** Membership in the consumer group: a client that gives up on broken brokers is made anew until they are back. */
export class GroupMember {
  private readonly parts: GroupMemberParts;
  private consumer: GroupClient;
  private entering: Promise<unknown> = Promise.resolve();
  private readonly leaving = new AbortController();

  constructor(parts: GroupMemberParts) {
    this.parts = parts;
    this.consumer = this.make();
  }

  /** Kafka's client as it is now. */
  get client(): GroupClient {
    return this.consumer;
  }

  async enter(): Promise<void> {
    await this.enterWith(this.consumer);
  }

  /** From here on it is not entered anew. */
  async prepareToLeave(): Promise<void> {
    this.leaving.abort();
    await this.entering;
  }

  async leave(): Promise<void> {
    await this.consumer.stop().catch(() => undefined);
    await this.consumer.disconnect().catch(() => undefined);
  }

  private make(): GroupClient {
    return this.parts.kafka.consumer({
      groupId: this.parts.group,
      sessionTimeout: SESSION_MS,
      rebalanceTimeout: 2 * SESSION_MS,
      heartbeatInterval: 2_000,
      maxWaitTimeInMs: 100,
      maxBytes: FETCH_BYTES,
      maxBytesPerPartition: PARTITION_BYTES,
      retry: { initialRetryTime: 100, maxRetryTime: 2_000, retries: 10, restartOnFailure: async () => true },
    });
  }

  private async enterWith(consumer: GroupClient): Promise<void> {
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
      if (consumer !== this.consumer) return;
      void this.parts.joined(payload.memberAssignment).catch((error: unknown) => this.parts.interrupted(error));
    });
    consumer.on(consumer.events.CRASH, ({ payload }) => {
      if (payload.restart || consumer !== this.consumer) return;
      if (isRetryable(payload.error)) this.entering = this.enterAnew(payload.error);
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
    const { interrupted, sleep: pause = sleep } = this.parts;
    const { signal } = this.leaving;
    const waitMs = (failures: number): number => jittered(backoff(failures, ENTER_AGAIN));
    interrupted(error);
    await pause(waitMs(1), signal);
    if (signal.aborted) return;
    await retry(() => this.enterWithNewClient(), {
      waitMs: (failures) => waitMs(failures + 1),
      // Whatever it is: nobody else would enter for this process.
      isWorthIt: () => true,
      onFailure: interrupted,
      signal,
      sleep: pause,
    });
  }

  private async enterWithNewClient(): Promise<void> {
    const old = this.consumer;
    this.consumer = this.make();
    await old.disconnect().catch(() => undefined);
    await this.enterWith(this.consumer);
  }
}
