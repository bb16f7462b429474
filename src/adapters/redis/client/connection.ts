import { type ChainableCommander, Cluster, Redis } from 'ioredis';
import { backoff, jittered } from '../../../runtime/retry.ts';
import { defineScripts, type ScriptCommands } from './commands.ts';

export type RedisClient = (Redis | Cluster) & ScriptCommands;

const COMMON = {
  connectTimeout: 5_000,
  // A connection that went silent is made anew; nobody waits longer
  // than this for an answer, the longest blocking read included.
  socketTimeout: 20_000,
  retryStrategy: (attempt: number) => jittered(backoff(attempt, { firstMs: 100, longestMs: 2_000 })),
};

/** The store can't be reached or refuses; trying again later may help. */
export class StoreUnavailable extends Error {
  readonly code = 'store-unavailable';
  readonly retryable = true;
}

/** Redis answers in a form that no version of it should. */
export class UnexpectedReply extends Error {
  readonly code = 'unexpected-reply';
  readonly retryable = false;
}

export interface ConnectionOptions {
  /** How long one command may take before its caller is told; commands of blocking readers have none. */
  readonly commandTimeoutMs?: number;
  /** null: commands wait for as long as the connection is away. */
  readonly maxRetriesPerRequest?: number | null;
  /** The authority that has signed the server's certificate, where that is not a public one. */
  readonly ca?: string | undefined;
  /** Own certificate and its key, where the server asks who we are. */
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
}

/** One URL: a server; several, comma-separated: the nodes of a cluster. */
export function connectRedis(url: string, options: ConnectionOptions = {}): RedisClient {
  const urls = url.split(',').map((part) => part.trim());
  const [only] = urls;
  const redisOptions = {
    ...COMMON,
    maxRetriesPerRequest: options.maxRetriesPerRequest === undefined ? 5 : options.maxRetriesPerRequest,
    ...(options.commandTimeoutMs !== undefined && { commandTimeout: options.commandTimeoutMs }),
  };
  const tls = tlsOf(only ?? '', options);
  const client =
    urls.length > 1
      ? new Cluster(urls, { redisOptions: { ...redisOptions, ...tls, ...userOf(only ?? '') } })
      : new Redis(only ?? '', { ...redisOptions, ...tls });
  // Each failing command rejects to its caller; without a listener the event itself would end the process.
  client.on('error', () => undefined);
  defineScripts(client);
  return client;
}

function tlsOf(url: string, { ca, cert, key }: ConnectionOptions) {
  return url.startsWith('rediss:') ? { tls: { ca, cert, key } } : {};
}

/** Nodes that a cluster names later are reached as the first one is. */
function userOf(url: string) {
  const { username, password } = URL.parse(url) ?? { username: '', password: '' };
  return {
    ...(username !== '' && { username: decodeURIComponent(username) }),
    ...(password !== '' && { password: decodeURIComponent(password) }),
  };
}

/** Runs a pipeline; the first error of any of its commands is thrown. */
export async function runPipeline(pipeline: { exec(): Promise<[Error | null, unknown][] | null> }): Promise<unknown[]> {
  const replies = await pipeline.exec();
  if (replies === null) throw new StoreUnavailable('Redis gave no reply');
  return replies.map(([error, reply]) => {
    if (error) throw error;
    return reply;
  });
}

/** One read, of a client or in a pipeline. */
export type Read = (on: RedisClient | ChainableCommander) => unknown;

/**
 * Sends reads in one go. In a cluster each goes by itself: a pipeline that finds its slot on the
 * move is sent to one node as a whole, where keys that are still on the other one read as absent.
 */
export async function readTogether(redis: RedisClient, reads: readonly Read[]): Promise<unknown[]> {
  if (redis instanceof Cluster) return Promise.all(reads.map((read) => read(redis)));
  const pipeline = redis.pipeline();
  for (const read of reads) read(pipeline);
  return runPipeline(pipeline);
}

/** A reply that must be a list of texts. Checked by hand: a batch reads tens of thousands of them. */
export function toStrings(reply: unknown): string[] {
  if (Array.isArray(reply) && reply.every((one): one is string => typeof one === 'string')) return reply;
  throw new UnexpectedReply('Redis did not answer with a list of texts');
}

/** A reply that must be a list of texts, null where there is none. */
export function toMaybeStrings(reply: unknown): (string | null)[] {
  const isMaybe = (one: unknown): one is string | null => one === null || typeof one === 'string';
  if (Array.isArray(reply) && reply.every(isMaybe)) return reply;
  throw new UnexpectedReply('Redis did not answer with a list of texts');
}

/** A flat reply [a, 1, b, 2] as pairs. */
export function pairs(flat: readonly string[]): [string, string][] {
  const result: [string, string][] = [];
  for (let i = 0; i + 1 < flat.length; i += 2) result.push([flat[i] ?? '', flat[i + 1] ?? '']);
  return result;
}

/** A whole hash, flat: in capitals the client does not make an object of it, which takes longer than the reading. */
export const wholeHash =
  (key: string): Read =>
  (on) =>
    on.call('HGETALL', key);

/** Text in which a MATCH pattern's signs stand for themselves. */
export function globEscape(text: string): string {
  return text.replace(/[\\*?[\]^-]/g, '\\$&');
}

const MOST_SCANNED = 1_000;
const MOST_SCANNED_BYTES = 1_048_576;

/** Fields of a hash that match, read in small steps. */
export async function* scanFields(redis: RedisClient, key: string, match: string): AsyncGenerator<[string, string]> {
  let [cursor, count] = ['0', MOST_SCANNED];
  do {
    const [next, flat] = await redis.hscan(key, cursor, 'MATCH', match, 'COUNT', count);
    let bytes = 0;
    for (const text of flat) bytes += text.length;
    yield* pairs(flat);
    // A value may take a hundred kilobytes.
    count = Math.min(MOST_SCANNED, Math.max(16, Math.floor((count * MOST_SCANNED_BYTES) / Math.max(bytes, 1))));
    cursor = next;
  } while (cursor !== '0');
}
