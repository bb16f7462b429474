import { z } from 'zod';
import type { ImportEntry, ImportHistory, ImportJournal, JournaledImport } from '../../../imports/import-journal.ts';
import type { ImportReport } from '../../../imports/import-report.ts';
import type { Counting } from '../../../imports/take-back/ports.ts';
import type { Position } from '../../../ingestion/ports/event-log.ts';
import type { Keyspace } from '../../../metrics/keyspace.ts';
import type { RedisClient } from '../client/connection.ts';

/** So many imports are kept, the newest. */
const KEPT = 1_000;
const HEARTBEAT_MS = 3_000;
/** One that was not heard of for so long has been interrupted. */
const TIMEOUT_MS = 15_000;

const problem = z.object({ line: z.int(), column: z.string(), message: z.string() });
const positions = z.record(
  z.string(),
  z.custom<Position>((value) => typeof value === 'string'),
);
const stored = z.object({
  import_id: z.string(),
  format: z.string(),
  state: z.enum(['running', 'done', 'failed', 'taking-back', 'taken-back']),
  started_at: z.string(),
  finished_at: z.string().optional(),
  taken_back_at: z.string().optional(),
  progress: z.object({ rows: z.int(), of: z.int().nullable() }),
  report: z
    .object({
      import_id: z.string(),
      rows: z.int(),
      events: z.int(),
      rejected: z.int(),
      first_event_at: z.string().optional(),
      last_event_at: z.string().optional(),
      errors: z.array(problem).readonly(),
      repaired: z.array(problem).readonly().optional(),
    })
    .optional(),
  problem: z.string().optional(),
  /** Where the log ended before its first record. */
  from: positions.optional(),
  /** What was counted then. */
  counting: z.object({ generation: z.int(), names: z.array(z.string()).readonly() }).optional(),
  /** Where the log ended when all was in it that takes it back. */
  backUntil: positions.optional(),
  heardMs: z.number(),
});
type Stored = z.infer<typeof stored>;

/** Imports by id: how each stands, and what came of it. */
export class RedisImportJournal implements ImportJournal, ImportHistory {
  private readonly redis: RedisClient;
  /** import id → entry */
  private readonly entriesKey: string;
  /** import id by when it began */
  private readonly orderKey: string;
  private readonly now: () => number;
  private readonly counting: Counting | undefined;

  /** @param counting what is counted here, where anything is */
  constructor(redis: RedisClient, keyspace: Keyspace, now: () => number, counting?: Counting) {
    this.counting = counting;
    this.redis = redis;
    this.entriesKey = keyspace.installation('import-entries');
    this.orderKey = keyspace.installation('import-order');
    this.now = now;
  }

  async begin(importId: string, format: string): Promise<JournaledImport> {
    const startedMs = this.now();
    await this.redis.zadd(this.orderKey, startedMs, importId);
    await this.trim();
    const started_at = new Date(startedMs).toISOString();
    let entry: Stored = {
      import_id: importId,
      format,
      state: 'running',
      started_at,
      progress: { rows: 0, of: null },
      heardMs: startedMs,
    };
    await this.write(entry);
    // While Redis does not answer nothing is noted.
    const timer = setInterval(() => void this.hear(entry).catch(() => undefined), HEARTBEAT_MS);
    timer.unref();
    const end = async (how: Pick<Stored, 'state' | 'report' | 'problem'>): Promise<void> => {
      clearInterval(timer);
      await this.write({ ...entry, ...how, finished_at: new Date(this.now()).toISOString() });
    };
    return {
      begins: async (from) => {
        entry = { ...entry, from: Object.fromEntries(from), counting: this.counting };
        await this.write(entry);
      },
      progress(rows, of) {
        entry = { ...entry, progress: { rows, of } };
      },
      done: (report: ImportReport) => {
        entry = { ...entry, progress: { rows: report.rows, of: report.rows } };
        return end({ state: 'done', report });
      },
      failed: (problem) => end({ state: 'failed', problem }),
    };
  }

  async list(limit: number): Promise<ImportEntry[]> {
    const ids = await this.redis.zrevrange(this.orderKey, 0, limit - 1);
    const entries = ids.length === 0 ? [] : await this.redis.hmget(this.entriesKey, ...ids);
    return entries.flatMap((text) => (text === null ? [] : [this.shown(text)]));
  }

  async find(importId: string): Promise<ImportEntry | undefined> {
    const text = await this.redis.hget(this.entriesKey, importId);
    return text === null ? undefined : this.shown(text);
  }

  /** Where the log ended before the import's first record, and what was counted then. */
  async places(importId: string): Promise<Pick<Stored, 'from' | 'counting'>> {
    const text = await this.redis.hget(this.entriesKey, importId);
    return text === null ? {} : stored.parse(JSON.parse(text));
  }

  /** All that are kept, with where the log ended when all was in it that takes them back. */
  async takenBack() {
    const texts = await this.redis.hvals(this.entriesKey);
    return texts.map((text) => {
      const { import_id: importId, state, backUntil = {} } = stored.parse(JSON.parse(text));
      return { importId, state, until: new Map(Object.entries(backUntil)) };
    });
  }

  /** Of one that newer ones have pushed out nothing is written. */
  async change(importId: string, change: Partial<Omit<Stored, 'import_id' | 'heardMs'>>): Promise<void> {
    const text = await this.redis.hget(this.entriesKey, importId);
    if (text !== null) await this.hear({ ...stored.parse(JSON.parse(text)), ...change });
  }

  private shown(text: string): ImportEntry {
    const { heardMs, from: _from, backUntil: _until, counting: _counting, ...entry } = stored.parse(JSON.parse(text));
    const isSilent = entry.state === 'running' && this.now() - heardMs > TIMEOUT_MS;
    return isSilent ? { ...entry, state: 'interrupted' } : entry;
  }

  private async write(entry: Stored): Promise<void> {
    await this.redis.hset(this.entriesKey, entry.import_id, JSON.stringify({ ...entry, heardMs: this.now() }));
  }

  /** It still runs; one that newer ones have pushed out stays out. */
  private async hear(entry: Stored): Promise<void> {
    if ((await this.redis.zscore(this.orderKey, entry.import_id)) !== null) await this.write(entry);
  }

  private async trim(): Promise<void> {
    const old = await this.redis.zrange(this.orderKey, '0', String(-KEPT - 1));
    if (old.length === 0) return;
    await this.redis.hdel(this.entriesKey, ...old);
    await this.redis.zrem(this.orderKey, ...old);
  }
}
