import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { KnownImport, Places, TakeBackJob, TakeBackStore } from '../../../imports/take-back/ports.ts';
import type { Position } from '../../../ingestion/ports/event-log.ts';
import type { Keyspace } from '../../../metrics/keyspace.ts';
import type { RedisClient } from '../client/connection.ts';
import { Lease } from '../client/lease.ts';
import type { RedisImportJournal } from './import-journal.ts';
import type { RedisImportRegistry } from './import-registry.ts';

/** A process that renews its lease no more for so long has ended. */
const LEASE_MS = 15_000;

const places = z
  .record(
    z.string(),
    z.custom<Position>((value) => typeof value === 'string'),
  )
  .transform((of): Places => new Map(Object.entries(of)))
  .optional();
const storedJob = z.object({
  from: places,
  until: places,
  since: places,
  done: z.int(),
  of: z.int().optional(),
  /** Had it come to its end before? */
  wasDone: z.boolean(),
});

interface StoreParts {
  readonly redis: RedisClient;
  readonly keyspace: Keyspace;
  readonly journal: RedisImportJournal;
  readonly registry: RedisImportRegistry;
  readonly now: () => number;
  /** Less in tests. */
  readonly leaseMs?: number;
}

/** Imports that are taken back, by id: how far each is. */
export class RedisTakeBackStore implements TakeBackStore {
  private readonly parts: StoreParts;
  /** import id → job */
  private readonly key: string;
  private readonly holder = randomUUID();

  constructor(parts: StoreParts) {
    this.parts = parts;
    this.key = parts.keyspace.installation('import-take-backs');
  }

  async known(importId: string): Promise<KnownImport | undefined> {
    const { journal } = this.parts;
    const entry = await journal.find(importId);
    const { from, counting } = await journal.places(importId);
    return entry && { entry, counting, from: from && new Map(Object.entries(from)) };
  }

  async begin(importId: string, job: TakeBackJob): Promise<boolean> {
    const { redis, journal, registry } = this.parts;
    if (!(await registry.takeBack(importId))) return false;
    const wasDone = (await journal.find(importId))?.state === 'done';
    await redis.hset(this.key, importId, encode(job, wasDone));
    await journal.change(importId, { state: 'taking-back', progress: { rows: 0, of: null }, problem: undefined });
    return true;
  }

  async find(importId: string): Promise<TakeBackJob | undefined> {
    const stored = await this.stored(importId);
    return stored && { from: stored.from, until: stored.until, since: stored.since, done: stored.done, of: stored.of };
  }

  async save(importId: string, job: TakeBackJob): Promise<void> {
    const { redis, journal } = this.parts;
    await redis.hset(this.key, importId, encode(job, (await this.stored(importId))?.wasDone ?? true));
    await journal.change(importId, { progress: { rows: job.done, of: job.of ?? null } });
  }

  async underWay(): Promise<string[]> {
    return this.parts.redis.hkeys(this.key);
  }

  async end(importId: string, ends: Places): Promise<void> {
    const { redis, journal, registry, now } = this.parts;
    await registry.letGo(importId);
    const taken_back_at = new Date(now()).toISOString();
    await journal.change(importId, { state: 'taken-back', taken_back_at, backUntil: Object.fromEntries(ends) });
    await redis.hdel(this.key, importId);
  }

  async giveUp(importId: string, problem: string): Promise<void> {
    const { redis, journal, registry } = this.parts;
    const state = (await this.stored(importId))?.wasDone === false ? 'failed' : 'done';
    await registry.leave(importId, state);
    await journal.change(importId, { state, problem });
    await redis.hdel(this.key, importId);
  }

  lease(importId: string): Lease {
    const { redis, keyspace, leaseMs = LEASE_MS } = this.parts;
    return new Lease(redis, keyspace.takeBackLease(importId), this.holder, leaseMs);
  }

  private async stored(importId: string): Promise<z.infer<typeof storedJob> | undefined> {
    const text = await this.parts.redis.hget(this.key, importId);
    return text === null ? undefined : storedJob.parse(JSON.parse(text));
  }
}

function encode({ from, until, since, done, of }: TakeBackJob, wasDone: boolean): string {
  const plain = (of: Places | undefined) => of && Object.fromEntries(of);
  return JSON.stringify({ from: plain(from), until: plain(until), since: plain(since), done, of, wasDone });
}
