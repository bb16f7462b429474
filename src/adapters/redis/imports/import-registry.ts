import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { HeldImport, ImportClaim, ImportRegistry } from '../../../imports/import-registry.ts';
import type { Position } from '../../../ingestion/ports/event-log.ts';
import type { Keyspace } from '../../../metrics/keyspace.ts';
import { type RedisClient, scanFields } from '../client/connection.ts';

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
  z.tuple([z.literal('taking-back'), z.string()]),
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
    if (begun[0] !== 'begun') return { outcome: begun[0], importId: begun[1] };
    const [outcome, line, from] = begun;
    const held = this.hold(contentHash, importId, owner);
    if (from === '') return { outcome, held, line: 0, from: undefined };
    return { outcome, held, line, from: new Map(Object.entries(positions.parse(JSON.parse(from)))) };
  }

  async numberOf(contentHash: string): Promise<number> {
    return Number((await this.redis.hget(this.key, `${contentHash}:number`)) ?? 0);
  }

  /** From here on its file can't be sent. @returns false where it is being imported */
  async takeBack(importId: string): Promise<boolean> {
    const found = await this.fileOf(importId);
    if (found === undefined) return true;
    const { contentHash, status, heardMs, owner } = found;
    if (status === 'running' && this.now() - heardMs <= TIMEOUT_MS) return false;
    const text = `taking-back ${importId} ${this.now()} ${randomUUID()}`;
    return (await this.redis.holdImport(this.key, contentHash, owner, text)) === 1;
  }

  /** It stands as it stood; one that had not come to its end can be gone on with. */
  async leave(importId: string, status: 'done' | 'failed'): Promise<void> {
    const found = await this.fileOf(importId);
    if (found !== undefined)
      await this.redis.hset(this.key, found.contentHash, `${status} ${importId} ${this.now()} ${randomUUID()}`);
  }

  /** Its file may be imported again, as another import. */
  async letGo(importId: string): Promise<void> {
    const found = await this.fileOf(importId);
    if (found === undefined) return;
    const { contentHash } = found;
    await this.redis.hset(this.key, `${contentHash}:number`, await this.nextForced(contentHash));
    await this.redis.hdel(this.key, contentHash, `${contentHash}:line`, `${contentHash}:from`);
  }

  /** Which file the import was of; those that were forced are kept by their ids alone. */
  private async fileOf(importId: string) {
    for await (const [contentHash, text] of scanFields(this.redis, this.key, '*')) {
      const [status, id, heardMs, owner] = text.split(' ');
      if (!contentHash.includes(':') && id === importId)
        return { contentHash, status, heardMs: Number(heardMs), owner: owner ?? '' };
    }
    return undefined;
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
