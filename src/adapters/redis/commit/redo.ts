import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { type PartitionId, partitionName } from '../../../events/partition.ts';
import { partitionState, redoRecord } from '../../../fold/state/state-families.ts';
import { PartitionLost } from '../../../ingestion/interruptions.ts';
import type { CommitOutcome } from '../../../ingestion/ports/state-store.ts';
import type { Keyspace } from '../../../metrics/keyspace.ts';
import type { RedisClient } from '../client/connection.ts';
import { unpacked } from '../client/msgpack.ts';
import type { CommitMode, CommitOf, CommitReply, CommitScript } from './commit-script.ts';
import type { Piece } from './piece-writer.ts';

const recordSchema = z.tuple([z.coerce.number().int(), z.string(), z.string(), z.coerce.number().int(), z.string()]);
const nextSchema = z.coerce.number().int();
const payloadSchema = z.object({ keys: z.array(z.string()) });

/** A commit that was decided can't be finished: its record is gone, or of a version that this one does not know. */
export class BrokenRedo extends Error {
  readonly code = 'broken-redo';
  readonly retryable = false;
}

/**
 * Commits of more than a few milliseconds. All pieces lie in Redis before the first is applied: staged one by one, then decided in one
 * step. From then on they are applied in order, each in a script that also marks it as done, by this owner or by whoever claims the
 * partition next; the last one moves the position.
 */
export class Redo {
  private readonly redis: RedisClient;
  private readonly keyspace: Keyspace;
  private readonly script: CommitScript;

  constructor(redis: RedisClient, keyspace: Keyspace, script: CommitScript) {
    this.redis = redis;
    this.keyspace = keyspace;
    this.script = script;
  }

  /** @param ahead what may be written twice without a trace, and so needs no record */
  async commit(commit: CommitOf, pieces: readonly Piece[], ahead: readonly Piece[] = []): Promise<CommitOutcome> {
    const of = { ...commit, by: randomUUID() };
    for (const [piece, { keys, payload }] of pieces.entries()) {
      const reply = await this.run(of, { mode: 'stage', piece }, keys, payload);
      if (reply !== 'applied') return { outcome: reply };
    }
    for (const { keys, payload } of ahead) {
      const reply = await this.script.run(of, { mode: 'ahead' }, [this.partitionKey(of.partition), ...keys], payload);
      if (reply !== 'applied') return { outcome: reply };
    }
    const decided = await this.run(of, { mode: 'decide', pieces: pieces.length }, [], '');
    if (decided !== 'applied' && decided !== 'already-applied') return { outcome: decided };
    for (const [piece, { keys }] of pieces.entries()) {
      const reply = await this.run(of, { mode: 'apply', piece, pieces: pieces.length }, keys, '');
      // A reply that was lost is asked for again.
      if (reply !== 'applied' && reply !== 'already-applied') return { outcome: reply };
    }
    return { outcome: 'applied' };
  }

  /**
   * Applies what is left of a commit that was decided before the partition was claimed.
   * @throws BrokenRedo, and PartitionLost where somebody claimed it meanwhile: then they finish it
   */
  async finish(
    partition: PartitionId,
    claimed: Required<Pick<CommitOf, 'epoch' | 'expected' | 'expectedStep'>>,
  ): Promise<void> {
    const { epoch } = claimed;
    const key = this.key(partition);
    const [[pieces, target, arrivedAtMs, targetStep, by], next] = await Promise.all([
      this.redis
        .hmget(key, 'pieces', 'target', 'arrived', 'step', 'by')
        .then((fields) => this.parse(recordSchema, fields, partition, epoch)),
      this.redis
        .hget(this.partitionKey(partition), 'redo_next')
        .then((field) => this.parse(nextSchema, field ?? 0, partition, epoch)),
    ]);
    const of = { partition, ...claimed, target, targetStep, arrivedAtMs, by };
    for (let piece = next; piece < pieces; piece++) {
      const payload = await this.redis.hgetBuffer(key, `piece${piece}`);
      const { keys } = await this.parse(payloadSchema, payload && unpacked(payload), partition, epoch);
      const reply = await this.run(of, { mode: 'apply', piece, pieces }, keys, '');
      if (reply === 'fenced') throw new PartitionLost(`${partitionName(partition)} was claimed by somebody else`);
      // Redis went back in time: another claim sees what it holds.
      if (reply === 'conflict') return;
    }
  }

  private run(of: CommitOf, mode: CommitMode, keys: readonly string[], payload: Buffer | ''): Promise<CommitReply> {
    return this.script.run(of, mode, [this.partitionKey(of.partition), this.key(of.partition), ...keys], payload);
  }

  /** Somebody who claimed the partition later and finished it has taken the record away. */
  private async parse<T>(schema: z.ZodType<T>, value: unknown, partition: PartitionId, epoch: number): Promise<T> {
    const result = schema.safeParse(value);
    if (result.success) return result.data;
    const current = Number(await this.redis.hget(this.partitionKey(partition), 'epoch'));
    if (current > epoch) throw new PartitionLost(`${partitionName(partition)} was claimed by somebody else`);
    throw broken(partition, result.error.issues[0]?.message ?? 'it cannot be read');
  }

  private partitionKey({ topic, index }: PartitionId): string {
    const shard = this.keyspace.shardOf(index);
    return this.keyspace.key(shard, partitionState, partitionName({ topic, index }));
  }

  /** Of the redo record. */
  key({ topic, index }: PartitionId): string {
    const shard = this.keyspace.shardOf(index);
    return this.keyspace.key(shard, redoRecord, partitionName({ topic, index }));
  }
}

function broken(partition: PartitionId, why: string): BrokenRedo {
  return new BrokenRedo(`${partitionName(partition)} holds a commit that was decided and cannot be finished: ${why}`);
}
