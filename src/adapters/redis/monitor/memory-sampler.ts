import { Cluster } from 'ioredis';
import type { Family } from '../../../metrics/family.ts';
import type { Keyspace } from '../../../metrics/keyspace.ts';
import type { RedisClient } from '../client/connection.ts';

const STEP_MS = 500;
const KEYS_PER_STEP = 500;
/** Between two walks over all keys: those of a small shop are walked over in a moment. */
const REST_MS = 30_000;
/** The first of a family are asked for their size, of the others one in so many: those are taken to be alike. */
const MEASURED = 50;
const SAMPLE_EVERY = 20;
/** Parts of a key that are looked at: the first few of a stream are not like the rest. */
const PARTS = 1_000;

/** `bytes` of those that were measured; `sampled` and `sampledBytes` of those that stand for others. */
type Tally = Map<string, { keys: number; bytes: number; sampled: number; sampledBytes: number }>;

/**
 * Walks over all keys in the background, a few at a time, and keeps what each family takes. Never on a request's way.
 */
export class MemorySampler {
  private readonly redis: RedisClient;
  private readonly keyspace: Keyspace;
  private readonly names: readonly string[];
  private finished: Tally = new Map();
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(redis: RedisClient, keyspace: Keyspace, families: readonly Family[]) {
    this.redis = redis;
    this.keyspace = keyspace;
    // Longer names first, so that `funnel:closed` is not taken for a family `funnel`.
    this.names = families.map(({ name }) => name).sort((a, b) => b.length - a.length);
  }

  start(): void {
    this.step('0', new Map(), 0);
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  report(): { family: string; keys: number; bytes: number }[] {
    return [...this.finished]
      .map(([family, { keys, bytes, sampled, sampledBytes }]) => ({
        family,
        keys,
        bytes: bytes + (sampled === 0 ? 0 : Math.round((sampledBytes / sampled) * (keys - MEASURED))),
      }))
      .sort((a, b) => b.bytes - a.bytes);
  }

  private step(cursor: string, tally: Tally, node: number, afterMs = STEP_MS): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      this.walk(cursor, tally, node).catch(() => this.step('0', new Map(), 0));
    }, afterMs);
    this.timer.unref();
  }

  private async walk(cursor: string, tally: Tally, node: number): Promise<void> {
    const nodes = this.redis instanceof Cluster ? this.redis.nodes('master') : [this.redis];
    const at = nodes[node];
    if (at === undefined) {
      this.finished = tally;
      this.step('0', new Map(), 0, REST_MS);
      return;
    }
    const [next, keys] = await at.scan(cursor, 'MATCH', `${this.keyspace.prefix}:*`, 'COUNT', KEYS_PER_STEP);
    for (const key of keys) {
      const family = this.familyOf(key);
      const known = tally.get(family) ?? { keys: 0, bytes: 0, sampled: 0, sampledBytes: 0 };
      const isMeasured = known.keys < MEASURED;
      if (isMeasured || (known.keys - MEASURED) % SAMPLE_EVERY === 0) {
        const bytes = (await at.memory('USAGE', key, 'SAMPLES', PARTS)) ?? 0;
        if (isMeasured) known.bytes += bytes;
        else {
          known.sampled += 1;
          known.sampledBytes += bytes;
        }
      }
      known.keys += 1;
      tally.set(family, known);
    }
    if (next === '0') this.step('0', tally, node + 1);
    else this.step(next, tally, node);
  }

  /** `cp:1:{0}:funnel:closed:…` is of the family `funnel:closed`; the log and the installation stand for themselves. */
  private familyOf(key: string): string {
    const rest = /^[^:]+:\d+:\{\d+\}:(.*)$/s.exec(key)?.[1];
    if (rest === undefined) return key.split(':')[1]?.replace(/[{}]/g, '') ?? 'other';
    return this.names.find((name) => rest === name || rest.startsWith(`${name}:`)) ?? 'other';
  }
}
