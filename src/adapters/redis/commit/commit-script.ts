import { z } from 'zod';
import type { PartitionId } from '../../../events/partition.ts';
import type { RedisClient } from '../client/connection.ts';

const reply = z.enum(['applied', 'already-applied', 'conflict', 'fenced', 'outbox-full']);
export type CommitReply = z.infer<typeof reply>;

/** What every call of a commit is compared by. */
export interface CommitOf {
  readonly partition: PartitionId;
  readonly epoch: number;
  readonly expected: string | undefined;
  readonly target: string;
  /** Units that were committed at `expected`, and are then at `target`, without a record counted. */
  readonly expectedStep?: number;
  readonly targetStep?: number;
  readonly arrivedAtMs: number | string | undefined;
  /** Names a commit in pieces; see scripts/commit-batch.lua. */
  readonly by?: string;
}

/** Which part of a commit a call does; see scripts/commit-batch.lua. */
export type CommitMode =
  | { readonly mode: 'whole' | 'ahead' }
  | { readonly mode: 'stage'; readonly piece: number }
  | { readonly mode: 'decide'; readonly pieces: number }
  | { readonly mode: 'apply'; readonly piece: number; readonly pieces: number };

/** The script that guards and writes. */
export class CommitScript {
  private readonly redis: RedisClient;

  constructor(redis: RedisClient) {
    this.redis = redis;
  }

  async run(
    { epoch, expected, target, expectedStep = 0, targetStep = 0, arrivedAtMs, by = '' }: CommitOf,
    mode: CommitMode,
    keys: readonly string[],
    payload: Buffer | '',
  ): Promise<CommitReply> {
    const sent = await this.redis.commitBatch(
      keys.length,
      keys,
      epoch,
      expected ?? '',
      target,
      arrivedAtMs ?? '',
      payload,
      mode.mode,
      'piece' in mode ? mode.piece : '',
      'pieces' in mode ? mode.pieces : '',
      expectedStep,
      targetStep,
      by,
    );
    return reply.parse(sent);
  }
}
