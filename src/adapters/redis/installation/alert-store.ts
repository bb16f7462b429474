import { z } from 'zod';
import type { AlertState } from '../../../alerts/judge.ts';
import type { AlertStore, Notice } from '../../../alerts/ports.ts';
import { type KnownRule, MAX_RULES, type Rule, ruleInput } from '../../../alerts/rule.ts';
import type { Keyspace } from '../../../metrics/keyspace.ts';
import type { Kept } from '../../../runtime/kept.ts';
import type { RedisClient } from '../client/connection.ts';
import { putLimited } from './put-limited.ts';

const KEPT_NOTICES = 1_000;

const storedRule = ruleInput.extend({ id: z.string() });
const stateSchema = z.object({
  status: z.enum(['ok', 'firing']),
  judgedMs: z.number(),
  turnedMs: z.number().optional(),
  sinceMs: z.number().optional(),
  value: z.number().optional(),
  expected: z.number().optional(),
});
export const noticeSchema = z.object({
  id: z.string(),
  alertId: z.string(),
  name: z.string(),
  turn: z.enum(['fired', 'over']),
  at: z.string(),
  value: z.number(),
  expected: z.number().optional(),
});

/** Rules of the settings, and those that were made over HTTP, with what is known of each. */
export class RedisAlertStore implements AlertStore {
  private readonly redis: RedisClient;
  private readonly keyspace: Keyspace;
  private readonly configured: readonly Rule[];
  private readonly rulesKey: string;
  private readonly statesKey: string;
  private readonly historyKey: string;

  constructor(redis: RedisClient, keyspace: Keyspace, configured: readonly Rule[]) {
    this.redis = redis;
    this.keyspace = keyspace;
    this.configured = configured;
    this.rulesKey = keyspace.installation('alerts');
    this.statesKey = keyspace.installation('alert-states');
    this.historyKey = keyspace.installation('alert-history');
  }

  async rules(): Promise<KnownRule[]> {
    const made = Object.values(await this.redis.hgetall(this.rulesKey));
    const known = new Set(this.configured.map(({ id }) => id));
    const parsed = made.map((text) => storedRule.parse(JSON.parse(text))).filter(({ id }) => !known.has(id));
    return [
      ...this.configured.map((rule) => ({ ...rule, source: 'settings' as const })),
      ...parsed.map((rule) => ({ ...rule, source: 'made' as const })),
    ];
  }

  add(rule: Rule): Promise<Kept> {
    return putLimited(this.redis, this.rulesKey, rule, MAX_RULES - this.configured.length);
  }

  async remove(id: string): Promise<boolean> {
    const removed = await this.redis.hdel(this.rulesKey, id);
    await this.redis.hdel(this.statesKey, id);
    await this.redis.del(this.keyspace.alertValues(id));
    return removed === 1;
  }

  async states(): Promise<Map<string, AlertState>> {
    const states = Object.entries(await this.redis.hgetall(this.statesKey));
    return new Map(states.map(([id, text]) => [id, stateSchema.parse(JSON.parse(text))]));
  }

  async keep(id: string, state: AlertState, notice: Notice | undefined): Promise<void> {
    const change = this.redis.multi().hset(this.statesKey, id, JSON.stringify(state));
    if (notice !== undefined)
      change.lpush(this.historyKey, JSON.stringify(notice)).ltrim(this.historyKey, 0, KEPT_NOTICES - 1);
    await change.exec();
  }

  async history(limit: number): Promise<Notice[]> {
    const texts = await this.redis.lrange(this.historyKey, 0, limit - 1);
    return texts.map((text) => noticeSchema.parse(JSON.parse(text)));
  }

  async values(id: string, atMs: readonly number[]): Promise<(number | undefined)[]> {
    if (atMs.length === 0) return [];
    const kept = await this.redis.hmget(this.keyspace.alertValues(id), ...atMs.map(String));
    return kept.map((text) => (text === null ? undefined : Number(text)));
  }

  async keepValue(id: string, atMs: number, value: number, forgetBeforeMs: number): Promise<void> {
    const key = this.keyspace.alertValues(id);
    await this.redis.hset(key, String(atMs), String(value));
    const old = (await this.redis.hkeys(key)).filter((at) => Number(at) < forgetBeforeMs);
    if (old.length > 0) await this.redis.hdel(key, ...old);
  }
}
