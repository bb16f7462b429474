import {
  dailyUsers,
  hourlyUsers,
  mergingHours,
  stageUsers,
  stageUsersByValue,
  touchedHours,
  uniqueUserValues,
} from '../../../analytics/shared/unique-users.ts';
import { rankingField, trimmedBuckets } from '../../../metrics/bookkeeping-families.ts';
import { type Family, ttlSeconds } from '../../../metrics/family.ts';
import { byDimension, ofValue } from '../../../metrics/fields.ts';
import type { Keyspace } from '../../../metrics/keyspace.ts';
import { rolledFunnel } from '../../../rollups/families.ts';
import type { RollupStore, SeenValue, TouchedHour } from '../../../rollups/ports.ts';
import { pairs, type RedisClient, runPipeline, toStrings } from '../client/connection.ts';
import type { Retention } from '../commit/shard-keys.ts';
import { oldestKept, Trimmer } from './trimmer.ts';

/** Keys merged by one script call, so that it holds Redis for a few milliseconds only. */
const PAIRS_PER_CALL = 100;
const DAY_SECONDS = 86_400;

export class RedisRollupStore implements RollupStore {
  readonly shards: number;
  private readonly redis: RedisClient;
  private readonly keyspace: Keyspace;
  private readonly retention: Retention;
  private readonly trimmer: Trimmer;

  constructor(redis: RedisClient, keyspace: Keyspace, retention: Retention, families: readonly Family[] = []) {
    this.trimmer = new Trimmer(redis, keyspace, families);
    this.redis = redis;
    this.keyspace = keyspace;
    this.retention = retention;
    this.shards = keyspace.shards;
  }

  async takeMarks(shard: number, openHour: string): Promise<TouchedHour[]> {
    const reply = await this.redis.takeMarks(this.key(shard, touchedHours), this.key(shard, mergingHours), openHour);
    return pairs(toStrings(reply)).map(([hour, day]) => ({ hour, day }));
  }

  async values(shard: number, day: string, dimension: string): Promise<{ kept: SeenValue[]; beyond: SeenValue[] }> {
    const key = this.key(shard, uniqueUserValues, byDimension('', dimension), day);
    const counts = Object.entries(await this.redis.hgetall(key));
    const cap = uniqueUserValues.cap ?? counts.length;
    const busiest = counts
      .sort(([a, x], [b, y]) => Number(y) - Number(x) || (a < b ? -1 : 1))
      .map(([value]) => ({ dimension, value }));
    return { kept: busiest.slice(0, cap), beyond: busiest.slice(cap) };
  }

  async leaveUsers(
    shard: number,
    { hour, day }: TouchedHour,
    stages: readonly string[],
    values: readonly SeenValue[],
  ): Promise<void> {
    if (values.length === 0) return;
    const pipeline = this.redis.pipeline();
    for (const stage of stages)
      for (const { dimension, value } of values) {
        const key = this.key(shard, stageUsersByValue, ofValue(stage, dimension, value), hour);
        pipeline.expire(key, this.hourLife());
      }
    await runPipeline(pipeline);
    await this.redis.hset(this.key(shard, trimmedBuckets), rankingField(stageUsersByValue, '', day), values.length);
  }

  async mergeUsers(
    shard: number,
    { hour, day }: TouchedHour,
    stages: readonly string[],
    values: readonly SeenValue[],
  ): Promise<void> {
    const keys = stages.flatMap((stage) => [
      [this.key(shard, stageUsers, stage, day), this.key(shard, stageUsers, stage, hour)],
      ...values.map(({ dimension, value }) => {
        const of = ofValue(stage, dimension, value);
        return [this.key(shard, stageUsersByValue, of, day), this.key(shard, stageUsersByValue, of, hour)];
      }),
    ]);
    const dayLife = ttlSeconds(stageUsers, 'day', this.retention) ?? 0;
    const hourLife = this.hourLife();
    for (let from = 0; from < keys.length; from += PAIRS_PER_CALL) {
      const some = keys.slice(from, from + PAIRS_PER_CALL).flat();
      await this.redis.mergeUsers(some.length, some, dayLife, hourLife);
    }
  }

  async writeFunnel(
    shard: number,
    window: 'hour' | 'day',
    label: string,
    funnel: string,
    stages: readonly string[],
  ): Promise<void> {
    const counted = window === 'day' ? dailyUsers : hourlyUsers;
    const users = await this.redis.hmget(this.key(shard, counted, '', label), ...stages);
    const key = this.key(shard, rolledFunnel, funnel, label);
    await this.redis.hset(key, Object.fromEntries(stages.map((stage, i) => [stage, Number(users[i] ?? 0)])));
    await this.redis.expire(key, ttlSeconds(rolledFunnel, window, this.retention) ?? DAY_SECONDS);
  }

  async trim(shard: number, label: string): Promise<void> {
    await this.trimmer.trimWindow(shard, label);
  }

  async cleanUp(shard: number, daysBefore: (days: number) => string): Promise<void> {
    await this.trimmer.trimNewest(shard);
    await this.trimmer.forgetCartDays(shard);
    await this.trimmer.forgetNotes(shard, oldestKept(this.retention, daysBefore));
  }

  async finish(shard: number, hour: string): Promise<void> {
    await this.redis.hdel(this.key(shard, mergingHours), hour);
  }

  async watermark(shard: number): Promise<string | undefined> {
    return (await this.redis.hget(this.keyspace.installation('rollup'), String(shard))) ?? undefined;
  }

  async advance(shard: number, hour: string): Promise<void> {
    await this.redis.hset(this.keyspace.installation('rollup'), String(shard), hour);
  }

  /** Of users' hours once they are merged, or left out of the merge. */
  private hourLife(): number {
    return Math.round((this.retention.hourlyDays + 1) * DAY_SECONDS);
  }

  private key(shard: number, of: Family, dimensions = '', label = ''): string {
    return this.keyspace.key(shard, of, dimensions, label);
  }
}
