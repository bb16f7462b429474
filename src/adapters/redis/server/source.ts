import type { Logger } from '../../../runtime/logger.ts';
import { withoutPassword } from '../client/explain.ts';
import { DataDirLocked } from './data-dir-lock.ts';
import { type EmbeddedOptions, startEmbeddedRedis } from './embedded.ts';

/** A Redis to work with, and what to do with it at the end. */
export interface RedisSource {
  readonly url: string;
  readonly description: string;
  /** Did this process start it? */
  readonly own: boolean;
  stop(): Promise<void>;
  /** Rejects when it ends unasked. */
  readonly failed: Promise<never>;
}

export interface RedisSourceOptions extends EmbeddedOptions {
  readonly url: string | undefined;
  /** Take one that another process runs in the data directory, rather than none. */
  readonly share: boolean;
}

const never = new Promise<never>(() => undefined);

/** The Redis at the URL, or an own one. @throws DataDirLocked, DataDirUnusable, NoRedis */
export async function openRedis({ url, share, ...embedded }: RedisSourceOptions, logger: Logger): Promise<RedisSource> {
  if (url !== undefined) return foreign(url);
  try {
    const own = await startEmbeddedRedis(embedded, logger);
    return { ...own, description: `own Redis: ${own.description}`, own: true };
  } catch (error) {
    if (share && error instanceof DataDirLocked && error.url !== undefined) return foreign(error.url);
    throw error;
  }
}

function foreign(url: string): RedisSource {
  return {
    url,
    description: `Redis at ${withoutPassword(url)}`,
    own: false,
    stop: () => Promise.resolve(),
    failed: never,
  };
}
