import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import getPort from 'get-port';
import { Redis } from 'ioredis';
import type { Logger } from '../../../runtime/logger.ts';
import { type DataDirLock, lockDataDir } from './data-dir-lock.ts';
import { findServer, NoRedis } from './find-server.ts';

const START_TIMEOUT_MS = 15_000;

interface EmbeddedRedis {
  readonly url: string;
  readonly description: string;
  /** Stops it last of all; its files can be used again. */
  stop(): Promise<void>;
  /** Rejects when it ends unasked. */
  readonly failed: Promise<never>;
}

/**
 * Starts an own Redis in the data directory, as durable as a single
 * server can be. @throws DataDirLocked, DataDirUnusable, NoRedis
 */
export async function startEmbeddedRedis(dataDir: string, logger: Logger): Promise<EmbeddedRedis> {
  const root = resolve(dataDir);
  const lock = await lockDataDir(root);
  try {
    const binary = await findServer(logger);
    const dir = join(root, 'redis');
    await mkdir(dir, { recursive: true });
    const port = await getPort();
    const url = `redis://127.0.0.1:${port}`;
    const child = launch(binary, dir, port);
    await lock.note(url, child.pid);
    await answering(url, child).catch((error: unknown) => {
      child.kill();
      throw error;
    });
    return own(child, url, `${binary} on port ${port}, files in ${dir}`, lock);
  } catch (error) {
    await lock.release();
    throw error;
  }
}

function own(child: ChildProcess, url: string, description: string, lock: DataDirLock): EmbeddedRedis {
  let stopping = false;
  const ended = once(child, 'exit');
  const failed = ended.then(() => {
    if (stopping) return new Promise<never>(() => undefined);
    throw new NoRedis('the embedded Redis ended unasked; its log is in the data directory');
  });
  failed.catch(() => undefined);
  const stop = async (): Promise<void> => {
    stopping = true;
    child.kill('SIGTERM');
    await ended;
    await lock.release();
  };
  return { url, description, stop, failed };
}

function launch(binary: string, dir: string, port: number): ChildProcess {
  const options = ['--bind', '127.0.0.1', '--port', String(port), '--dir', dir, '--save', '', '--appendonly', 'yes'];
  const durable = [
    '--appendfsync',
    'always',
    '--maxmemory-policy',
    'noeviction',
    // By its older name, which every version knows. Counters by city
    // have hundreds of fields: looking through a list takes long.
    '--hash-max-ziplist-entries',
    '128',
    '--logfile',
    'redis.log',
    '--daemonize',
    'no',
  ];
  // Its own process group: a Ctrl-C in the terminal must not stop it before what still writes to it.
  return spawn(binary, [...options, ...durable], { detached: true, stdio: 'ignore' });
}

async function answering(url: string, child: ChildProcess): Promise<void> {
  const redis = new Redis(url, { lazyConnect: true, maxRetriesPerRequest: 0, retryStrategy: () => null });
  redis.on('error', () => undefined);
  try {
    for (let waited = 0; waited < START_TIMEOUT_MS; waited += 50) {
      if (child.exitCode !== null)
        throw new NoRedis(
          `the embedded Redis ended at once with code ${child.exitCode}; its log is in the data directory`,
        );
      try {
        if (redis.status !== 'ready') await redis.connect();
        await redis.ping();
        return;
      } catch {
        await sleep(50);
      }
    }
    throw new NoRedis('the embedded Redis did not answer in time; its log is in the data directory');
  } finally {
    redis.disconnect();
  }
}
