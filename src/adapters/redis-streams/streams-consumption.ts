import { type PartitionId, partitionName } from '../../events/partition.ts';
import { PartitionLost } from '../../ingestion/interruptions.ts';
import type { Consumption, PartitionHandler, Position, Purpose } from '../../ingestion/ports/event-log.ts';
import { recordBatchOf } from '../../ingestion/ports/record-batch.ts';
import type { Keyspace } from '../../metrics/keyspace.ts';
import { isRetryable, messageOf } from '../../runtime/errors.ts';
import type { Logger } from '../../runtime/logger.ts';
import { retry, sleep } from '../../runtime/retry.ts';
import type { RedisClient } from '../redis/client/connection.ts';
import { Lease } from '../redis/client/lease.ts';
import { entryOf, offsetOf } from './position.ts';
import { readBehind, readFrom } from './streams-reading.ts';

const LEASE_MS = 10_000;
const DUTY_MS = 2_000;
const BLOCK_MS = 250;
const RETRY_MS = 500;

interface ConsumptionParts {
  readonly redis: RedisClient;
  readonly connect: () => RedisClient;
  readonly keyspace: Keyspace;
  readonly partitions: readonly PartitionId[];
  readonly retentionMs: number;
  readonly trimEveryMs: number;
  readonly handler: PartitionHandler;
  readonly purpose: Purpose;
  readonly consumer: string;
  readonly logger: Logger;
}

/** Owns its share of the partitions by leases, and reads each of them in a loop of its own. */
export class StreamsConsumption implements Consumption {
  readonly failed: Promise<never>;
  private readonly parts: ConsumptionParts;
  private readonly running = new Map<string, { readonly done: Promise<void>; readonly stop: AbortController }>();
  private readonly stopped = new AbortController();
  private duties: Promise<void> = Promise.resolve();
  private fail: (error: unknown) => void = () => undefined;

  constructor(parts: ConsumptionParts) {
    this.parts = parts;
    this.failed = new Promise((_, reject) => {
      this.fail = reject;
    });
    this.failed.catch(() => undefined);
  }

  start(): void {
    this.duties = this.share();
  }

  async stop(): Promise<void> {
    this.stopped.abort();
    await this.duties;
    for (const { stop } of this.running.values()) stop.abort();
    await Promise.all([...this.running.values()].map(({ done }) => done));
    await this.parts.redis.zrem(this.dutiesKey(), this.parts.consumer);
  }

  private dutiesKey(): string {
    return this.parts.keyspace.installation(this.parts.purpose === 'count' ? 'duties' : 'rebuild-duties');
  }

  /** Keeps leases, takes free ones up to a fair share, and gives up what is beyond it. */
  private async share(): Promise<void> {
    while (!this.stopped.signal.aborted) {
      try {
        const consumers = await this.countConsumers();
        for (const partition of this.parts.partitions) await this.keepOrTake(partition, consumers);
      } catch (error) {
        this.parts.logger.warn(
          { error: messageOf(error) },
          'partitions cannot be shared while Redis does not answer; trying again',
        );
      }
      await sleep(DUTY_MS, this.stopped.signal);
    }
  }

  private async countConsumers(): Promise<number> {
    const { redis, consumer } = this.parts;
    await redis.zadd(this.dutiesKey(), await clockOf(redis), consumer);
    return Math.max(1, await countConsumers(redis, this.dutiesKey()));
  }

  /** A topic's partitions are shared for themselves, so that no consumer gets the quiet topic alone. */
  private async keepOrTake(partition: PartitionId, consumers: number): Promise<void> {
    const name = partitionName(partition);
    const runner = this.running.get(name);
    const ofTopic = this.parts.partitions.filter(({ topic }) => topic === partition.topic);
    const held = ofTopic.filter((one) => this.running.has(partitionName(one))).length;
    const fair = Math.ceil(ofTopic.length / consumers);
    if (runner !== undefined && held > fair) {
      runner.stop.abort();
      await runner.done;
      return;
    }
    if (runner === undefined && held >= fair) return;
    if (!(await this.lease(partition).take())) runner?.stop.abort();
    else if (runner === undefined) this.run(partition);
  }

  private lease({ topic, index }: PartitionId): Lease {
    const { redis, keyspace, purpose, consumer } = this.parts;
    return new Lease(
      redis,
      keyspace.log(topic, index, purpose === 'count' ? 'lease' : 'rebuild-lease'),
      consumer,
      LEASE_MS,
    );
  }

  private run(partition: PartitionId): void {
    const name = partitionName(partition);
    const stop = new AbortController();
    const done = this.follow(partition, stop.signal)
      .catch((error: unknown) => this.fail(error))
      .finally(() => this.running.delete(name));
    this.running.set(name, { done, stop });
  }

  /** Reads one partition until told to stop; errors that a retry may cure are tried again from what the store says. */
  private async follow(partition: PartitionId, signal: AbortSignal): Promise<void> {
    const { handler, logger } = this.parts;
    const redis = this.parts.connect();
    try {
      await retry(() => this.readOn(partition, redis, signal), {
        waitMs: () => RETRY_MS,
        isWorthIt: (error) => isRetryable(error) && !(error instanceof PartitionLost),
        onFailure: (error) => {
          handler.release(partition);
          const details = { partition: partitionName(partition), error: messageOf(error) };
          logger.warn(details, 'counting is interrupted; trying again');
        },
        signal,
      });
    } catch (error) {
      // Whose it is, the lease says: it is taken again, if it is free, when duties are shared next.
      if (!(error instanceof PartitionLost)) throw error;
    } finally {
      handler.release(partition);
      redis.disconnect();
      await this.lease(partition)
        .release()
        .catch(() => undefined);
    }
  }

  private async readOn(partition: PartitionId, redis: RedisClient, signal: AbortSignal): Promise<void> {
    const { handler, keyspace } = this.parts;
    const key = keyspace.log(partition.topic, partition.index, 'entries');
    let position = await handler.claim(partition);
    let from: 'entry' | 'behind' = 'entry';
    let trimAtMs = Date.now() + this.parts.trimEveryMs;
    while (!signal.aborted) {
      const records =
        from === 'entry' ? await readFrom(redis, key, position) : await readBehind(redis, key, position, BLOCK_MS);
      const [first] = records;
      if (first !== undefined && offsetOf(first.position) > offsetOf(position)) {
        position = await this.skipGone(partition, position, first.position);
        from = 'entry';
        continue;
      }
      const expected: Position = records.at(-1)?.next ?? position;
      position =
        records.length > 0
          ? await handler.process(partition, recordBatchOf(records))
          : ((await handler.idle(partition)) ?? position);
      // Where the store stands elsewhere than behind what was read, reading begins anew at its entry.
      from = position === expected ? 'behind' : 'entry';
      if (Date.now() > trimAtMs) {
        await this.trim(partition, position);
        trimAtMs = Date.now() + this.parts.trimEveryMs;
      }
    }
  }

  private skipGone(partition: PartitionId, position: Position, first: Position): Promise<Position> {
    const missing = offsetOf(first) - offsetOf(position);
    this.parts.logger.error(
      { partition: partitionName(partition), missing },
      'the log no longer holds records that were not counted; counting goes on behind them',
    );
    return this.parts.handler.skip(partition, first, missing);
  }

  /** Only behind what is committed, only what the retention allows, and nothing while a rebuild reads. */
  private async trim({ topic, index }: PartitionId, committed: Position): Promise<void> {
    const { redis, keyspace, retentionMs, purpose } = this.parts;
    if (purpose === 'rebuild' || (await redis.exists(keyspace.log(topic, index, 'rebuild-lease'))) === 1) return;
    const keepFromMs = Date.now() - retentionMs;
    const [committedMs = 0, sequence = 0] = entryOf(committed).split('-').map(Number);
    // An entry may be counted in part; the newest one is not where counting stands at the log's end.
    const atEnd = (await redis.get(keyspace.log(topic, index, 'end'))) === committed;
    const keepFrom = atEnd ? `${committedMs}-${sequence + 1}` : entryOf(committed);
    const oldest = committedMs < keepFromMs ? keepFrom : `${keepFromMs}-0`;
    await redis.xtrim(keyspace.log(topic, index, 'entries'), 'MINID', oldest);
  }
}

/** Those who have said lately that they take part. */
export async function countConsumers(redis: RedisClient, dutiesKey: string): Promise<number> {
  await redis.zremrangebyscore(dutiesKey, '-inf', (await clockOf(redis)) - LEASE_MS);
  return redis.zcard(dutiesKey);
}

/** Redis' clock, which all share. */
async function clockOf(redis: RedisClient): Promise<number> {
  const [seconds, micros] = await redis.time();
  return Number(seconds) * 1_000 + Number(micros) / 1_000;
}
