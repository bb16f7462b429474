import { access, constants, mkdir, open, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { z } from 'zod';
import { messageOf } from '../../../runtime/errors.ts';

/** How long a Redis that was left behind may take to end. */
const ORPHAN_TIMEOUT_MS = 15_000;

const ownerSchema = z.object({ pid: z.int(), redisPid: z.int().optional(), url: z.string().optional() });
type Owner = z.infer<typeof ownerSchema>;

/** Another process works in the data directory. */
export class DataDirLocked extends Error {
  readonly code = 'data-dir-locked';
  readonly retryable = false;
  /** The embedded Redis that the other process runs. */
  readonly url: string | undefined;

  constructor(dataDir: string, owner: Owner) {
    super(`${dataDir} is in use by process ${owner.pid}; stop it, or set DATA_DIR to another directory`);
    this.url = owner.url;
  }
}

/** Nothing can be kept in the data directory. */
class DataDirUnusable extends Error {
  readonly code = 'data-dir-unusable';
  readonly retryable = false;

  constructor(dataDir: string, cause: unknown) {
    super(
      `nothing can be kept in ${dataDir} (${messageOf(cause)}); set DATA_DIR to a directory that may be written to`,
      {
        cause,
      },
    );
  }
}

export interface DataDirLock {
  /** The Redis that runs in the directory: others may use it, and whoever finds it left behind ends it. */
  note(url: string, redisPid: number | undefined): Promise<void>;
  release(): Promise<void>;
}

/** Takes the directory for this process. @throws DataDirLocked, DataDirUnusable */
export async function lockDataDir(dataDir: string): Promise<DataDirLock> {
  try {
    await mkdir(dataDir, { recursive: true });
    await access(dataDir, constants.W_OK);
  } catch (error) {
    throw new DataDirUnusable(dataDir, error);
  }
  const path = join(dataDir, 'lock.json');
  while (!(await create(path))) {
    const owner = await read(path);
    if (owner !== undefined && isAlive(owner.pid)) throw new DataDirLocked(dataDir, owner);
    // Its owner was killed; the Redis that it left behind must not write the same files as ours.
    if (owner?.redisPid !== undefined) await endOrphan(owner.redisPid, owner.url);
    await rm(path, { force: true });
  }
  return {
    note: (url, redisPid) =>
      writeFile(path, JSON.stringify({ pid: process.pid, url, redisPid } satisfies Record<keyof Owner, unknown>)),
    release: () => rm(path, { force: true }),
  };
}

/** @returns false where there is one */
async function create(path: string): Promise<boolean> {
  try {
    const file = await open(path, 'wx');
    await file.writeFile(JSON.stringify({ pid: process.pid }));
    await file.close();
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

async function read(path: string): Promise<Owner | undefined> {
  try {
    return ownerSchema.parse(JSON.parse(await readFile(path, 'utf8')));
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
  for (let waited = 0; isAlive(pid) && waited < ORPHAN_TIMEOUT_MS; waited += 50) await sleep(50);
}
