import type { Keyspace } from '../../../metrics/keyspace.ts';
import type { RedisClient } from '../client/connection.ts';

export interface ErasedFilesParts {
  readonly redis: RedisClient;
  readonly keyspace: Keyspace;
  /** So long the log holds what the user sent. */
  readonly logRetentionMs: number;
  readonly now: () => number;
  /** Until an erasure is counted, and the log is trimmed. */
  readonly settleMs?: number;
}

const SETTLE_MS = 60_000;
const MINUTE_MS = 60_000;

/** The own Redis's file tells what was written and deleted until it is written anew: soon after an erasure, and once the log is trimmed. */
export class ErasedFiles {
  private readonly parts: ErasedFilesParts;
  private readonly key: string;

  constructor(parts: ErasedFilesParts) {
    this.parts = parts;
    this.key = parts.keyspace.installation('files-to-rewrite');
  }

  /** Somebody is being erased. */
  async mark(): Promise<void> {
    const { redis, now, logRetentionMs, settleMs = SETTLE_MS } = this.parts;
    // To the minute, so that many erasures are few rewrites.
    const soonMs = Math.ceil((now() + settleMs) / MINUTE_MS) * MINUTE_MS;
    for (const dueMs of [soonMs, soonMs + logRetentionMs]) await redis.zadd(this.key, dueMs, String(dueMs));
  }

  async rewriteIfDue(): Promise<void> {
    const { redis, now } = this.parts;
    const due = await redis.zrangebyscore(this.key, '-inf', now());
    if (due.length === 0) return;
    // Where one is being written it may have begun before: it fails, and is tried again at the next look.
    await redis.call('BGREWRITEAOF');
    await redis.zrem(this.key, ...due);
  }
}
