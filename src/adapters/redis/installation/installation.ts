import { Cluster } from 'ioredis';
import { z } from 'zod';
import type { Funnel } from '../../../analytics/funnel/funnel.ts';
import type { Keyspace } from '../../../metrics/keyspace.ts';
import type { RedisClient } from '../client/connection.ts';

export const FIRST_GENERATION = 1;

/** What shapes stored data, and is fixed at the first start. */
const shapeSchema = z.object({
  partitions: z.int(),
  shards: z.int(),
  timezone: z.string(),
  currency: z.string(),
  sessionTimeoutMs: z.number(),
  cartTimeoutMs: z.number(),
  dedupeWindowMs: z.number(),
  transactionWindowMs: z.number(),
  funnels: z.array(z.object({ name: z.string(), stages: z.array(z.string()) })),
});

export type Shape = z.infer<typeof shapeSchema>;

/** The shape, and the generation of keys that is read and counted into: one value, so that both change at once. */
const installedSchema = shapeSchema.extend({
  generation: z.int().default(FIRST_GENERATION),
  /** Which of the embedded logs that there have been; see `Keyspace.logName`. */
  logName: z.string().default(''),
  /** Kafka's topics, where it is the log. */
  topics: z.object({ events: z.string(), inventory: z.string() }).optional(),
});

export type Topics = Installed['topics'];

export type Installed = z.infer<typeof installedSchema>;

/** The variable that sets each part of the shape. */
const VARIABLES: Readonly<Record<Exclude<keyof Shape, 'funnels'>, string>> = {
  partitions: 'PARTITIONS',
  shards: 'REDIS_SHARDS',
  timezone: 'STORE_TIMEZONE',
  currency: 'STORE_CURRENCY',
  sessionTimeoutMs: 'SESSION_TIMEOUT',
  cartTimeoutMs: 'CART_TIMEOUT',
  dedupeWindowMs: 'DEDUPE_WINDOW',
  transactionWindowMs: 'TRANSACTION_WINDOW',
};

/** The installation was begun with other values. */
class ShapeMismatch extends Error {
  readonly code = 'shape-mismatch';
  readonly retryable = false;
}

interface FixedShape {
  readonly generation: number;
  readonly logName: string;
  readonly funnels: readonly Funnel[];
}

/**
 * Keeps the shape at the first start and compares it at later ones. Funnels may be added: they come behind those that
 * are there, so that what is stored of sessions keeps its meaning.
 * @returns the generation in use, and the installation's funnels in their fixed order
 * @throws ShapeMismatch
 */
export async function fixShape(
  redis: RedisClient,
  keyspace: Keyspace,
  wanted: Shape,
  topics?: Topics,
): Promise<FixedShape> {
  const key = keyspace.installation('settings');
  for (;;) {
    const stored = await redis.get(key);
    if (stored === null) {
      const first: Installed = { ...wanted, generation: keyspace.generation, logName: '', ...(topics && { topics }) };
      if ((await redis.set(key, JSON.stringify(first), 'NX')) === 'OK') return first;
      continue;
    }
    const installed = installedSchema.parse(JSON.parse(stored));
    const differences = [...compare(installed, wanted), ...compareTopics(installed.topics, topics)];
    if (differences.length > 0) {
      throw new ShapeMismatch(
        `this installation was begun with other values: ${differences.join('; ')}. Set them back, use another KEY_PREFIX, ` +
          'count the log anew under them with `npm start -- rebuild`, or empty everything with `npm start -- reset`',
      );
    }
    const added = wanted.funnels.filter(({ name }) => !installed.funnels.some((funnel) => funnel.name === name));
    const funnels = [...installed.funnels, ...added];
    // A rebuild may switch over in this moment: then it is looked at anew, so that its generation stays.
    if (added.length > 0) {
      const replaced = await redis.replaceValue(key, stored, JSON.stringify({ ...installed, funnels }));
      if (replaced !== 1) continue;
    }
    return { generation: installed.generation, logName: installed.logName, funnels };
  }
}

/** What the installation holds at the moment; undefined before its first start. */
export async function readInstalled(redis: RedisClient, keyspace: Keyspace): Promise<Installed | undefined> {
  const stored = await redis.get(keyspace.installation('settings'));
  return stored === null ? undefined : installedSchema.parse(JSON.parse(stored));
}

function compare(stored: Shape, wanted: Shape): string[] {
  const differences: string[] = [];
  for (const [part, variable] of Object.entries(VARIABLES) as [Exclude<keyof Shape, 'funnels'>, string][]) {
    if (stored[part] !== wanted[part]) differences.push(`${variable} was ${stored[part]}, now ${wanted[part]}`);
  }
  for (const funnel of stored.funnels) {
    const now = wanted.funnels.find(({ name }) => name === funnel.name);
    if (now === undefined) differences.push(`FUNNELS had ${funnel.name}, now missing`);
    else if (now.stages.join() !== funnel.stages.join())
      differences.push(`funnel ${funnel.name} was ${funnel.stages.join(' → ')}, now ${now.stages.join(' → ')}`);
  }
  return differences;
}

function compareTopics(stored: Topics, wanted: Topics): string[] {
  if (stored === undefined || wanted === undefined) return [];
  return (['events', 'inventory'] as const)
    .filter((topic) => stored[topic] !== wanted[topic])
    .map((topic) => `KAFKA_${topic.toUpperCase()}_TOPIC was ${stored[topic]}, now ${wanted[topic]}`);
}

/** Deletes keys a few at a time, so that Redis goes on answering meanwhile. */
export async function deleteKeys(
  redis: RedisClient,
  patterns: readonly string[],
  onProgress: (deleted: number) => void,
): Promise<void> {
  const nodes = redis instanceof Cluster ? redis.nodes('master') : [redis];
  let deleted = 0;
  for (const node of nodes) {
    for (const pattern of patterns) {
      let cursor = '0';
      do {
        const [next, keys] = await node.scan(cursor, 'MATCH', pattern, 'COUNT', 1_000);
        await Promise.all(keys.map((key) => node.unlink(key)));
        deleted += keys.length;
        cursor = next;
        if (keys.length > 0) onProgress(deleted);
      } while (cursor !== '0');
    }
  }
}
