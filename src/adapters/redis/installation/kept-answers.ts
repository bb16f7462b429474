import { z } from 'zod';
import type { Keyspace } from '../../../metrics/keyspace.ts';
import type { AnswerClaim, KeptAnswer, KeptAnswers } from '../../../runtime/kept-answers.ts';
import type { RedisClient } from '../client/connection.ts';

const DAY_MS = 86_400_000;
/** Longer than any answer but an import's takes; an import is known by its content as well. */
const RUNNING_MS = 60_000;

const answerSchema = z.object({ fingerprint: z.string(), status: z.int(), type: z.string(), text: z.string() });
const reply = z.union([
  z.tuple([z.enum(['begun', 'running'])]),
  z.tuple([z.literal('done'), z.string().transform((text) => answerSchema.parse(JSON.parse(text)))]),
]);

export interface KeptBounds {
  readonly mostAnswers: number;
  readonly mostBytes: number;
}

const BOUNDS: KeptBounds = { mostAnswers: 100_000, mostBytes: 64 * 1_048_576 };

/** Answers of requests with an Idempotency-Key, one place for all processes; how many there are is bounded. */
export class RedisKeptAnswers implements KeptAnswers {
  private readonly redis: RedisClient;
  private readonly keys: readonly [string, string];
  private readonly now: () => number;
  private readonly bounds: KeptBounds;

  constructor(redis: RedisClient, keyspace: Keyspace, now: () => number, bounds = BOUNDS) {
    this.redis = redis;
    this.keys = [keyspace.installation('answered'), keyspace.installation('answered-times')];
    this.now = now;
    this.bounds = bounds;
  }

  async claim(name: string, token: string): Promise<AnswerClaim> {
    const nowMs = this.now();
    const [outcome, answer] = reply.parse(
      await this.redis.claimAnswer(...this.keys, name, nowMs, nowMs + RUNNING_MS, token),
    );
    return outcome === 'done' ? { outcome, answer } : { outcome };
  }

  async end(name: string, token: string, answer: KeptAnswer | undefined): Promise<void> {
    const nowMs = this.now();
    const text = answer === undefined ? '' : JSON.stringify(answer);
    const { mostAnswers, mostBytes } = this.bounds;
    const [answers, times] = this.keys;
    const [forgottenMs, mayGoMs] = [nowMs + DAY_MS, nowMs + RUNNING_MS];
    await this.redis.keepAnswer(answers, times, name, token, text, forgottenMs, mayGoMs, mostAnswers, mostBytes);
  }
}
