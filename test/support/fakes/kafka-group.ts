import type { Consumer, EachBatchHandler, EachBatchPayload, TopicPartitionOffset } from 'kafkajs';
import type { GroupClient, GroupClients } from '../../../src/adapters/kafka/consume/group-member.ts';
import type { StoredBatch } from '../../../src/adapters/kafka/fetch/stored-batch.ts';
import { stored } from './stored-batches.ts';

/**
 * Kafka's client as a consumer group uses it, without a broker:
 * the test says who has which partition and hands out batches.
 */
export class FakeGroup implements GroupClients {
  /** Seeks of all clients, as `topic/partition@offset`. */
  readonly seeks: string[] = [];
  made = 0;
  left = 0;
  /** What entering fails with, from now on. */
  refuses: unknown;
  onCommit: (offsets: readonly TopicPartitionOffset[]) => Promise<void> = async () => undefined;
  private readonly listeners = new Map<string, (event: { payload: unknown }) => void>();
  private eachBatch: EachBatchHandler = async () => undefined;

  consumer(): GroupClient {
    this.made += 1;
    const on = (event: string, listener: (event: { payload: unknown }) => void) => {
      this.listeners.set(event, listener);
      return () => undefined;
    };
    const client = {
      events: { GROUP_JOIN: 'consumer.group_join', CRASH: 'consumer.crash' },
      on,
      connect: async () => {
        if (this.refuses !== undefined) throw this.refuses;
      },
      subscribe: async () => undefined,
      run: async ({ eachBatch }: { eachBatch: EachBatchHandler }) => {
        this.eachBatch = eachBatch;
      },
      seek: ({ topic, partition, offset }: { topic: string; partition: number; offset: string }) => {
        this.seeks.push(`${topic}/${partition}@${offset}`);
      },
      commitOffsets: (offsets: readonly TopicPartitionOffset[]) => this.onCommit(offsets),
      stop: async () => undefined,
      disconnect: async () => {
        this.left += 1;
      },
    };
    return client as unknown as Consumer;
  }

  /** The group is shared anew. */
  share(memberAssignment: Record<string, number[]>): void {
    this.listeners.get('consumer.group_join')?.({ payload: { memberAssignment } });
  }

  crash(error: Error): void {
    this.listeners.get('consumer.crash')?.({ payload: { error, restart: false } });
  }

  /** Hands out records of one partition as a batch; resolves when the next one of it may be handed out. */
  async hand(topic: string, partition: number, offsets: readonly number[]): Promise<void> {
    const firstOffset = offsets[0] ?? 0;
    const records = offsets.map((offset) => ({ delta: offset - firstOffset, value: Buffer.from(`v${offset}`) }));
    await this.handBatches(topic, partition, [stored({ firstOffset, records })]);
  }

  /** @param from the offset that was asked for */
  async handBatches(
    topic: string,
    partition: number,
    messages: readonly StoredBatch[],
    from = messages[0]?.firstOffset ?? 0,
  ): Promise<void> {
    const lastOffset = (): string => messages.at(-1)?.offset ?? '';
    const payload = {
      batch: { topic, partition, messages, fetchedOffset: String(from), lastOffset },
      isRunning: () => true,
      isStale: () => false,
      resolveOffset: () => undefined,
      heartbeat: async () => undefined,
    };
    await this.eachBatch(payload as unknown as EachBatchPayload);
  }
}
