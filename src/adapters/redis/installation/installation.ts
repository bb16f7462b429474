import { Cluster } from 'ioredis';
import { z } from 'zod';
import type { Funnel } from '../../../analytics/funnel/funnel.ts';
import type { Keyspace } from '../../../metrics/keyspace.ts';
import type { RedisClient } from '../client/connection.ts';

export const FIRST_GENERATION = 1;

/** What shapes stored data, and is fixed at the first start. */
const shapeSchema = z.object({
  /** The form in which folding keeps its state; see `STATE_VERSION`. Installations of before have not kept it. */
  stateVersion: z.int().default(1),
  partitions: z.int(),
  shards: z.int(),
  timezone: z.string(),
  currency: z.string(),
  sessionTimeoutMs: z.number(),
  cartTimeoutMs: z.number(),
  dedupeWindowMs: z.number(),
  transactionWindowMs: z.number(),
  attributionWindowMs: z.number().default(0),
  /** As they are set. */
  dimensions: z.array(z.string()).default(['city']),
  funnels: z.array(z.object({ name: z.string(), stages: z.array(z.string()) })),
});

export type Shape = z.infer<typeof shapeSchema>;

/** The shape, and the generation of keys that is read and counted into: one value, so that both change at once. */
const installedSchema = shapeSchema.extend({
  generation: z.int().default(FIRST_GENERATION),
  /** Which of the embedded logs that there have been; see `Keyspace.logName`. */
  logName: z.string().default(''),
  /** Kafka's topics, and the group that counts them, where it is the log; absent: the embedded log is. */
  topics: z.object({ events: z.string(), inventory: z.string(), group: z.string().optional() }).optional(),
});

export type Topics = Installed['topics'];

export type Installed = z.infer<typeof installedSchema>;

type Named = Exclude<keyof Shape, 'funnels' | 'dimensions' | 'partitions' | 'stateVersion'>;

/** The variable that sets each part of the shape. */
const VARIABLES: Readonly<Record<Named, string>> = {
  shards: 'REDIS_SHARDS',
  timezone: 'STORE_TIMEZONE',
  currency: 'STORE_CURRENCY',
  sessionTimeoutMs: 'SESSION_TIMEOUT',
  cartTimeoutMs: 'CART_TIMEOUT',
  dedupeWindowMs: 'DEDUPE_WINDOW',
  transactionWindowMs: 'TRANSACTION_WINDOW',
  attributionWindowMs: 'ATTRIBUTION_WINDOW',
};

/** The installation was begun with other values. */
class ShapeMismatch extends Error {
  readonly code = 'shape-mismatch';
  readonly retryable = false;
}

/** What an installation is to be begun with, or is expected to have been. */
export interface Wanted {
  readonly shape: Shape;
  readonly topics: Topics;
}

export interface OpenedShape {
  readonly generation: number;
  readonly logName: string;
  /** The installation's funnels in their fixed order. */
  readonly funnels: readonly Funnel[];
  /** Its dimensions in their fixed order, as they are set. */
  readonly dimensions: readonly string[];
  /** Nothing was here before. */
  readonly isNew: boolean;
  /** Keeps what is new: called when everything else was found to be right, so that advice can be followed. @throws ShapeMismatch */
  keep(): Promise<void>;
}

/**
 * Compares what is wanted with what the installation was begun with. Funnels and dimensions may be added: they come behind those that
 * are there, so that what is stored of sessions keeps its meaning. While nothing was counted another log may take the place of the first.
 * @throws ShapeMismatch
 */
export async function openShape(
  redis: RedisClient,
  keyspace: Keyspace,
  wanted: Wanted,
  isUntouched: (installed: Installed) => Promise<boolean>,
): Promise<OpenedShape> {
  const key = keyspace.installation('settings');
  const stored = await redis.get(key);
  const next = await nextOf(stored, keyspace.generation, wanted, isUntouched);
  return { ...next, isNew: stored === null, keep: () => keep(stored, next) };

  async function keep(expected: string | null, installed: Installed): Promise<void> {
    const text = JSON.stringify(installed);
    if (expected === text) return;
    const kept = expected === null ? await redis.set(key, text, 'NX') : await redis.replaceValue(key, expected, text);
    if (kept === 'OK' || kept === 1) return;
    // Another process begins in this moment, or a rebuild switches over: then it is looked at anew, so that theirs stays.
    const now = await redis.get(key);
    const again = await nextOf(now, keyspace.generation, wanted, async () => false);
    if (namesOf(again) !== namesOf(installed))
      throw new ShapeMismatch('another process has added other funnels or dimensions in this moment; start again');
    await keep(now, again);
  }
}

/** Folding on from state that is read in another way would count silently wrong. */
function otherState({ stateVersion: was }: Shape, { stateVersion: now }: Shape): string {
  return (
    `this installation was counted by another version (state ${was}, this one keeps ${now}); with every process stopped, ` +
    '`npm start -- rebuild` counts the log anew, as far as it reaches back; or start the other version again'
  );
}

const namesOf = ({ funnels, dimensions }: Installed): string =>
  [...funnels.map(({ name }) => name), '', ...dimensions].join();

/** What is to be kept from now on. @throws ShapeMismatch */
async function nextOf(
  stored: string | null,
  generation: number,
  { shape, topics }: Wanted,
  isUntouched: (installed: Installed) => Promise<boolean>,
): Promise<Installed> {
  const first: Installed = { ...shape, generation, logName: '', ...(topics && { topics }) };
  if (stored === null) return first;
  const installed = installedSchema.parse(JSON.parse(stored));
  const ofLog = compareLogs(installed, { ...shape, topics });
  const differences = [...compare(installed, shape), ...ofLog];
  if (differences.length > 0) {
    // Another generation, so that whoever runs with the old values sees that they are gone.
    const isOfLogAlone = ofLog.length === differences.length;
    if (isOfLogAlone && (await isUntouched(installed))) return { ...first, generation: installed.generation + 1 };
    if (installed.stateVersion !== shape.stateVersion) throw new ShapeMismatch(otherState(installed, shape));
    throw new ShapeMismatch(
      `this installation was begun with other values: ${differences.join('; ')}. Set them back, use another KEY_PREFIX, ` +
        'count the log anew under them with `npm start -- rebuild`, or empty everything with `npm start -- reset`',
    );
  }
  const added = shape.funnels.filter(({ name }) => !installed.funnels.some((funnel) => funnel.name === name));
  const dimensions = [...new Set([...installed.dimensions, ...shape.dimensions])];
  return { ...installed, dimensions, funnels: [...installed.funnels, ...added], ...(topics && { topics }) };
}

/** What the installation holds at the moment; undefined before its first start. */
export async function readInstalled(redis: RedisClient, keyspace: Keyspace): Promise<Installed | undefined> {
  const stored = await redis.get(keyspace.installation('settings'));
  return stored === null ? undefined : installedSchema.parse(JSON.parse(stored));
}

function compare(stored: Shape, wanted: Shape): string[] {
  const differences: string[] = [];
  for (const [part, variable] of Object.entries(VARIABLES) as [Named, string][]) {
    if (stored[part] !== wanted[part]) differences.push(`${variable} was ${stored[part]}, now ${wanted[part]}`);
  }
  if (stored.stateVersion !== wanted.stateVersion)
    differences.push(`state was of version ${stored.stateVersion}, now ${wanted.stateVersion}`);
  for (const funnel of stored.funnels) {
    const now = wanted.funnels.find(({ name }) => name === funnel.name);
    if (now === undefined) differences.push(`FUNNELS had ${funnel.name}, now missing`);
    else if (now.stages.join() !== funnel.stages.join())
      differences.push(`funnel ${funnel.name} was ${funnel.stages.join(' → ')}, now ${now.stages.join(' → ')}`);
  }
  for (const dimension of stored.dimensions)
    if (!wanted.dimensions.includes(dimension)) differences.push(`DIMENSIONS had ${dimension}, now missing`);
  return differences;
}

type Log = Pick<Installed, 'partitions' | 'topics'>;

function compareLogs({ partitions, topics: stored }: Log, { partitions: now, topics: wanted }: Log): string[] {
  const differences = partitions === now ? [] : [`PARTITIONS was ${partitions}, now ${now}`];
  if (stored === undefined && wanted === undefined) return differences;
  if (stored === undefined) return [...differences, 'the event log was the embedded one, now Kafka (KAFKA_BROKERS)'];
  const { events, inventory, group } = stored;
  if (wanted === undefined)
    return [...differences, `the event log was Kafka with ${events} and ${inventory}, now KAFKA_BROKERS is not set`];
  const pairs = [
    ['KAFKA_EVENTS_TOPIC', events, wanted.events],
    ['KAFKA_INVENTORY_TOPIC', inventory, wanted.inventory],
    // Older installations have not kept it.
    ['KAFKA_GROUP', group ?? wanted.group, wanted.group],
  ];
  const others = pairs.filter(([, was, is]) => was !== is).map(([name, was, is]) => `${name} was ${was}, now ${is}`);
  return [...differences, ...others];
}

/** Deletes keys a few at a time, so that Redis goes on answering meanwhile. */
export async function deleteKeys(
  redis: RedisClient,
  patterns: readonly string[],
  onProgress: (deleted: number) => void,
  except: ReadonlySet<string> = new Set(),
): Promise<void> {
  const nodes = redis instanceof Cluster ? redis.nodes('master') : [redis];
  let deleted = 0;
  for (const node of nodes) {
    for (const pattern of patterns) {
      let cursor = '0';
      do {
        const [next, found] = await node.scan(cursor, 'MATCH', pattern, 'COUNT', 1_000);
        const keys = found.filter((key) => !except.has(key));
        await Promise.all(keys.map((key) => node.unlink(key)));
        deleted += keys.length;
        cursor = next;
        if (keys.length > 0) onProgress(deleted);
      } while (cursor !== '0');
    }
  }
}
