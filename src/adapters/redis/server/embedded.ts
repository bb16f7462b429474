import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import type { Logger } from '../../../runtime/logger.ts';
import { makePrivateDir } from '../../../runtime/private-dir.ts';
import { type DataDirLock, lockDataDir } from './data-dir-lock.ts';
import { findServer, NoRedis } from './find-server.ts';
import { type MemoryLimit, memoryLimitBytes } from './memory-limit.ts';
import { runTied, type TiedProcess } from './tied-process.ts';

const START_TIMEOUT_MS = 15_000;
/** The name of a socket may have 107 bytes on Linux, 103 on macOS. */
const MAX_SOCKET_NAME_BYTES = 103;

export interface EmbeddedRedis {
  /** Its socket. */
  readonly url: string;
  readonly description: string;
  /** Stops it last of all; its files can be used again. */
  stop(): Promise<void>;
  /** Rejects when it ends unasked. */
  readonly failed: Promise<never>;
}

export interface EmbeddedOptions {
  readonly dataDir: string;
  readonly maxMemory: MemoryLimit;
}

/** Starts an own Redis in the data directory, as durable as a single server can be. @throws DataDirLocked, DataDirUnusable, NoRedis */
export async function startEmbeddedRedis(
  { dataDir, maxMemory }: EmbeddedOptions,
  logger: Logger,
): Promise<EmbeddedRedis> {
  const root = resolve(dataDir);
  const lock = await lockDataDir(root);
  try {
    const binary = await findServer(logger);
    const dir = await privateDir(join(root, 'redis'));
    const socket = await openSocketDir(dir);
    const server = runTied(binary, optionsOf(dir, socket.path, memoryLimitBytes(maxMemory)));
    await lock.note(socket.path);
    try {
      await lock.note(socket.path, await answering(socket.path, server));
    } catch (error) {
      await server.end();
      await socket.remove();
      throw error;
    }
    return own(server, socket, `${binary} on ${socket.path}, files in ${dir}`, lock);
  } catch (error) {
    await lock.release();
    throw error;
  }
}

function own(server: TiedProcess, socket: SocketDir, description: string, lock: DataDirLock): EmbeddedRedis {
  let stopping = false;
  const failed = server.ended.then(() => {
    if (stopping) return new Promise<never>(() => undefined);
    throw new NoRedis(
      'the embedded Redis ended unasked. Its log is redis/redis.log in the data directory; start again to go on with what it kept',
    );
  });
  failed.catch(() => undefined);
  const stop = async (): Promise<void> => {
    stopping = true;
    await server.end();
    await socket.remove();
    await lock.release();
  };
  return { url: socket.path, description, stop, failed };
}

/** One that nobody else may look into, also where it was made before with other rights. */
async function privateDir(dir: string): Promise<string> {
  await makePrivateDir(dir);
  await chmod(dir, 0o700);
  return dir;
}

interface SocketDir {
  readonly path: string;
  remove(): Promise<void>;
}

/** Beside the files; where that name is too long for a socket, in a private folder for temporary files. */
async function openSocketDir(dir: string): Promise<SocketDir> {
  const path = join(dir, 'redis.sock');
  if (Buffer.byteLength(path) <= MAX_SOCKET_NAME_BYTES) return { path, remove: () => rm(path, { force: true }) };
  const short = await mkdtemp(join(tmpdir(), 'cartpulse-'));
  return { path: join(short, 'redis.sock'), remove: () => rm(short, { recursive: true, force: true }) };
}

function optionsOf(dir: string, socketPath: string, maxMemoryBytes: number): string[] {
  const reached = ['--port', '0', '--unixsocket', socketPath, '--unixsocketperm', '700'];
  const durable = ['--dir', dir, '--save', '', '--appendonly', 'yes', '--appendfsync', 'always'];
  const bounded = ['--maxmemory', String(maxMemoryBytes), '--maxmemory-policy', 'noeviction'];
  // By its older name, which every version knows. Counters by city have hundreds of fields: looking through a list takes long.
  const compact = ['--hash-max-ziplist-entries', '128'];
  return [...reached, ...durable, ...bounded, ...compact, '--logfile', 'redis.log', '--daemonize', 'no'];
}

/** @returns the server's process number, when it answers */
async function answering(path: string, server: TiedProcess): Promise<number> {
  const redis = new Redis({ path, lazyConnect: true, maxRetriesPerRequest: 0, retryStrategy: () => null });
  redis.on('error', () => undefined);
  let isEnded = false;
  void server.ended.then(() => {
    isEnded = true;
  });
  try {
    for (let waitedMs = 0; waitedMs < START_TIMEOUT_MS; ) {
      if (isEnded)
        throw new NoRedis('the embedded Redis ended at once; redis/redis.log in the data directory says why');
      const loading = await attempt(redis);
      if (typeof loading === 'number') return loading;
      await sleep(50);
      // A large file takes long to read, and is waited for.
      if (loading !== 'loading') waitedMs += 50;
    }
    throw new NoRedis('the embedded Redis did not answer in time; redis/redis.log in the data directory says why');
  } finally {
    redis.disconnect();
  }
}

async function attempt(redis: Redis): Promise<number | 'loading' | 'away'> {
  try {
    if (redis.status !== 'ready' && redis.status !== 'connect') await redis.connect();
    await redis.ping();
    return Number(/^process_id:(\d+)/m.exec(await redis.info('server'))?.[1]);
  } catch (error) {
    return error instanceof Error && error.message.startsWith('LOADING') ? 'loading' : 'away';
  }
}
