import {
  audienceCities,
  cityDimension,
  mergingHours,
  stageUsers,
  stageUsersByCity,
  touchedHours,
} from '../../analytics/audience.ts';
import { type Family, lifeSeconds, type RankingFamily } from '../../analytics/families.ts';
import type { Keyspace } from '../../analytics/keyspace.ts';
import { rankedDimensions, rankingField, trimmedBuckets } from '../../analytics/open-ended.ts';
import { rolledFunnel } from '../../rollups/families.ts';
import type { RollupStore } from '../../rollups/ports.ts';
import { pairs, type RedisClient, runPipeline, toStrings } from './connection.ts';
import type { Retention } from './pack.ts';
import { Script } from './scripts.ts';

/** Keys merged by one script call, so that it holds Redis for a few milliseconds only. */
const PAIRS_PER_CALL = 100;
const DAY_SECONDS = 86_400;

export class RedisRollupStore implements RollupStore {
  readonly shards: number;
  private readonly redis: RedisClient;
  private readonly keyspace: Keyspace;
  private readonly retention: Retention;
  private readonly capped: readonly RankingFamily[];
  private readonly takeScript = Script.fromFile('take-marks');
  private readonly mergeScript = Script.fromFile('merge-users');

  constructor(redis: RedisClient, keyspace: Keyspace, retention: Retention, capped: readonly RankingFamily[] = []) {
    this.capped = capped;
    this.redis = redis;
    this.keyspace = keyspace;
    this.retention = retention;
    this.shards = keyspace.shards;
  }

  async takeMarks(shard: number, openHour: string): Promise<{ hour: string; day: string }[]> {
    const reply = await this.takeScript.run(
      this.redis,
      [this.key(shard, touchedHours), this.key(shard, mergingHours)],
      [openHour],
    );
    return pairs(toStrings(reply)).map(([hour, day]) => ({ hour, day }));
  }

  async cities(shard: number, day: string): Promise<string[]> {
    return this.redis.hkeys(this.key(shard, audienceCities, '', day));
  }

  async mergeUsers(
    shard: number,
    hour: string,
    day: string,
    stages: readonly string[],
    cities: readonly string[],
  ): Promise<void> {
    const keys = stages.flatMap((stage) => [
      [this.key(shard, stageUsers, stage, day), this.key(shard, stageUsers, stage, hour)],
      ...cities.map((city) => {
        const dimension = cityDimension(stage, city);
        return [this.key(shard, stageUsersByCity, dimension, day), this.key(shard, stageUsersByCity, dimension, hour)];
      }),
    ]);
    const dayLife = lifeSeconds(stageUsers, 'day', this.retention) ?? 0;
    const hourLife = (this.retention.hourlyDays + 1) * DAY_SECONDS;
    for (let from = 0; from < keys.length; from += PAIRS_PER_CALL) {
      await this.mergeScript.run(this.redis, keys.slice(from, from + PAIRS_PER_CALL).flat(), [dayLife, hourLife]);
    }
  }

  async writeFunnel(
    shard: number,
    window: 'hour' | 'day',
    label: string,
    funnel: string,
    stages: readonly string[],
  ): Promise<void> {
    const pipeline = this.redis.pipeline();
    for (const stage of stages) pipeline.pfcount(this.key(shard, stageUsers, stage, label));
    const users = await runPipeline(pipeline);
    const key = this.key(shard, rolledFunnel, funnel, label);
    await this.redis.hset(key, Object.fromEntries(stages.map((stage, i) => [stage, Number(users[i])])));
    await this.redis.expire(key, lifeSeconds(rolledFunnel, window, this.retention) ?? DAY_SECONDS);
  }

  async trim(shard: number, label: string): Promise<void> {
    const known = new Set(await this.redis.hkeys(this.key(shard, rankedDimensions)));
    for (const field of known) {
      const [name = '', dimensions = ''] = field.split('|');
      const of = this.capped.find((family) => family.name === name);
      if (of?.cap === undefined) continue;
      const cut = await this.redis.zremrangebyrank(this.key(shard, of, dimensions, label), 0, -(of.cap + 1));
      if (cut > 0) await this.redis.hset(this.key(shard, trimmedBuckets), rankingField(of, dimensions, label), cut);
    }
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

  private key(shard: number, of: Family, dimensions = '', label = ''): string {
    return this.keyspace.key(shard, of, dimensions, label);
  }
}
