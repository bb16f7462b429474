import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, open, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import getPort from 'get-port';
import { Redis } from 'ioredis';
import { z } from 'zod';
import type { Logger } from '../../../runtime/logger.ts';

const run = promisify(execFile);
const START_MS = 15_000;

const lockSchema = z.object({ pid: z.int(), redisPid: z.int().optional(), url: z.string().optional() });
type Lock = z.infer<typeof lockSchema>;

/** Another process works in the data directory. */
export class DataDirLocked extends Error {
  readonly code = 'data-dir-locked';
  readonly retryable = false;
  /** The embedded Redis that the other process runs. */
  readonly url: string | undefined;

  constructor(dataDir: string, lock: Lock) {
    super(`${dataDir} is in use by process ${lock.pid}; stop it, or set DATA_DIR to another directory`);
    this.url = lock.url;
  }
}

/** No Redis can be found or installed. */
export class NoRedis extends Error {
  readonly code = 'no-redis';
  readonly retryable = false;
}

export interface EmbeddedRedis {
  readonly url: string;
  readonly description: string;
  /** Stops it last of all; its files can be used again. */
  stop(): Promise<void>;
  /** Rejects when it ends unasked. */
  readonly failed: Promise<never>;
}

/** Starts an own Redis in the data directory, as durable as a single server can be. @throws DataDirLocked, NoRedis */
export async function startEmbeddedRedis(dataDir: string, logger: Logger): Promise<EmbeddedRedis> {
  const root = resolve(dataDir);
  const dir = join(root, 'redis');
  await mkdir(dir, { recursive: true });
  const lockPath = join(root, 'lock.json');
  await takeLock(lockPath, root);
  try {
    const binary = await findRedis(logger);
    const port = await getPort();
    const url = `redis://127.0.0.1:${port}`;
    const child = launch(binary, dir, port);
    const redisPid = child.pid;
    await writeFile(lockPath, JSON.stringify({ pid: process.pid, url, ...(redisPid !== undefined && { redisPid }) }));
    await answering(url, child);
    return own(child, url, `${binary} on port ${port}, files in ${dir}`, lockPath);
  } catch (error) {
    await rm(lockPath, { force: true });
    throw error;
  }
}

function own(child: ChildProcess, url: string, description: string, lockPath: string): EmbeddedRedis {
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
    await rm(lockPath, { force: true });
  };
  return { url, description, stop, failed };
}

async function takeLock(path: string, dataDir: string): Promise<void> {
  for (;;) {
    try {
      const file = await open(path, 'wx');
      await file.writeFile(JSON.stringify({ pid: process.pid }));
      await file.close();
      return;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
    const lock = await readLock(path);
    if (lock !== undefined && isAlive(lock.pid)) throw new DataDirLocked(dataDir, lock);
    // Its owner was killed; the Redis that it left behind must not write the same files as ours.
    if (lock?.redisPid !== undefined) await endOrphan(lock.redisPid, lock.url);
    await rm(path, { force: true });
  }
}

async function readLock(path: string): Promise<Lock | undefined> {
  try {
    return lockSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Asked by its address, so that a stranger that has the process number by now is left alone. */
async function endOrphan(pid: number, url: string | undefined): Promise<void> {
  if (url === undefined || !isAlive(pid)) return;
  const redis = new Redis(url, { lazyConnect: true, maxRetriesPerRequest: 0, retryStrategy: () => null });
  redis.on('error', () => undefined);
  try {
    await redis.connect();
    const info = await redis.info('server');
    if (info.includes(`process_id:${pid}\r`)) await redis.shutdown().catch(() => undefined);
  } catch {
    return;
  } finally {
    redis.disconnect();
  }
  for (let waited = 0; isAlive(pid) && waited < START_MS; waited += 50) await sleep(50);
}

/** `redis-server` or `valkey-server` on the path, else Debian's package, else redis-memory-server's download. */
async function findRedis(logger: Logger): Promise<string> {
  const found =
    (await onPath('redis-server')) ??
    (await onPath('valkey-server')) ??
    (await installDebian(logger)) ??
    (await download(logger));
  if (found !== undefined) return found;
  throw new NoRedis(
    'no redis-server was found and none could be installed; run `apt-get install redis-server`, or set REDIS_URL',
  );
}

async function onPath(name: string): Promise<string | undefined> {
  try {
    const { stdout } = await run('sh', ['-c', `command -v ${name}`]);
    return stdout.trim() === '' ? undefined : stdout.trim();
  } catch {
    return undefined;
  }
}

async function installDebian(logger: Logger): Promise<string | undefined> {
  if (process.getuid?.() !== 0 || (await onPath('apt-get')) === undefined) return undefined;
  logger.info({}, "no redis-server on the path: installing Debian's package redis-server");
  try {
    await run('apt-get', ['update', '-q']);
    await run('env', [
      'DEBIAN_FRONTEND=noninteractive',
      'apt-get',
      'install',
      '-y',
      '-q',
      '--no-install-recommends',
      'redis-server',
    ]);
    return await onPath('redis-server');
  } catch (error) {
    logger.warn(
      { error: error instanceof Error ? error.message.slice(0, 300) : '' },
      'the package could not be installed',
    );
    return undefined;
  }
}

async function download(logger: Logger): Promise<string | undefined> {
  logger.info({}, "no redis-server to be had from the system: trying redis-memory-server's download");
  try {
    const { default: binary } = await import('redis-memory-server/lib/util/RedisBinary.js');
    return await binary.default.getPath();
  } catch (error) {
    logger.warn({ error: error instanceof Error ? error.message.slice(0, 300) : '' }, 'the download failed');
    return undefined;
  }
}

function launch(binary: string, dir: string, port: number): ChildProcess {
  const options = ['--bind', '127.0.0.1', '--port', String(port), '--dir', dir, '--save', '', '--appendonly', 'yes'];
  const durable = [
    '--appendfsync',
    'always',
    '--maxmemory-policy',
    'noeviction',
    // By its older name, which every version knows. Counters by city have hundreds of fields: looking through a list takes long.
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
    for (let waited = 0; waited < START_MS; waited += 50) {
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
