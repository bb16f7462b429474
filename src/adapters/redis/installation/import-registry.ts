import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { HeldImport, ImportClaim, ImportRegistry } from '../../../imports/import-registry.ts';
import type { Position } from '../../../ingestion/ports/event-log.ts';
import type { Keyspace } from '../../../metrics/keyspace.ts';
import type { RedisClient } from '../client/connection.ts';

/** A running import that was not heard of for so long has died. */
const TIMEOUT_MS = 15_000;
const HEARTBEAT_MS = 3_000;

const positions = z.record(
  z.string(),
  z.custom<Position>((value) => typeof value === 'string'),
);
const reply = z.union([
  z.tuple([z.literal('running'), z.string()]),
  z.tuple([z.literal('done'), z.string()]),
  z.tuple([z.literal('begun'), z.coerce.number(), z.string()]),
]);

/**
 * Imports by content: `status importId heardMs owner`, and how far each has come. Not a `Lease`, though
 * a silent owner loses it as well: the entry does not expire, it says for good how the import stands.
 */
export class RedisImportRegistry implements ImportRegistry {
  private readonly redis: RedisClient;
  private readonly key: string;
  private readonly now: () => number;

  constructor(redis: RedisClient, keyspace: Keyspace, now: () => number) {
    this.redis = redis;
    this.key = keyspace.installation('imports');
    this.now = now;
  }

  async begin(contentHash: string, importId: string): Promise<ImportClaim> {
    const owner = randomUUID();
    const begun = reply.parse(
      await this.redis.beginImport(this.key, contentHash, importId, this.now(), TIMEOUT_MS, owner),
    );
    if (begun[0] === 'running') return { outcome: 'running', importId: begun[1] };
    if (begun[0] === 'done') return { outcome: 'done', importId: begun[1] };
    const [outcome, line, from] = begun;
    const held = this.hold(contentHash, importId, owner);
    if (from === '') return { outcome, held, line: 0, from: undefined };
    return { outcome, held, line, from: new Map(Object.entries(positions.parse(JSON.parse(from)))) };
  }

  async nextForced(contentHash: string): Promise<number> {
    return this.redis.hincrby(this.key, `${contentHash}:forced`, 1);
  }

  private hold(contentHash: string, importId: string, owner: string): HeldImport {
    let lost = false;
    const note = async (status: 'running' | 'done' | 'failed'): Promise<void> => {
      const text = `${status} ${importId} ${this.now()} ${owner}`;
      if ((await this.redis.holdImport(this.key, contentHash, owner, text)) !== 1) lost = true;
    };
    // While Redis does not answer nothing is noted; after TIMEOUT_MS another process may take over.
    const timer = setInterval(() => void note('running').catch(() => undefined), HEARTBEAT_MS);
    timer.unref();
    return {
      isLost: () => lost,
      from: async (ends) => {
        await this.redis.hset(this.key, `${contentHash}:from`, JSON.stringify(Object.fromEntries(ends)));
      },
      advance: async (line) => {
        await this.redis.hset(this.key, `${contentHash}:line`, line);
      },
      end: async (status) => {
        clearInterval(timer);
        await note(status);
      },
    };
  }
}
