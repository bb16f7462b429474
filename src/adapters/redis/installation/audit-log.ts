import { z } from 'zod';
import type { AuditEntry, AuditLog } from '../../../keys/ports.ts';
import type { Keyspace } from '../../../metrics/keyspace.ts';
import type { RedisClient } from '../client/connection.ts';

const YEAR_MS = 366 * 86_400_000;
/** Some 200 MB at the most; nobody administers as often. */
const MOST_ENTRIES = 1_000_000;

const entrySchema = z.object({
  at: z.string(),
  by: z.string(),
  name: z.string(),
  action: z.string(),
  status: z.int(),
  requestId: z.string().optional(),
});

/** A stream: what is older than a year falls off its end. */
export class RedisAuditLog implements AuditLog {
  private readonly redis: RedisClient;
  private readonly key: string;
  private readonly now: () => number;

  constructor(redis: RedisClient, keyspace: Keyspace, now: () => number) {
    this.redis = redis;
    this.key = keyspace.installation('audit');
    this.now = now;
  }

  async write(entry: AuditEntry): Promise<void> {
    await this.redis.xadd(this.key, 'MAXLEN', '~', MOST_ENTRIES, '*', 'entry', JSON.stringify(entry));
    await this.redis.xtrim(this.key, 'MINID', '~', this.now() - YEAR_MS);
  }

  async read(limit: number): Promise<AuditEntry[]> {
    const entries = await this.redis.xrevrange(this.key, '+', '-', 'COUNT', limit);
    const since = new Date(this.now() - YEAR_MS).toISOString();
    return entries.map(([, [, text = '']]) => entrySchema.parse(JSON.parse(text))).filter(({ at }) => at >= since);
  }
}
