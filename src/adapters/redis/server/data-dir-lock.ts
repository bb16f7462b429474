import { access, constants, open, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { z } from 'zod';
import { parsedJson } from '../../../events/json-text.ts';
import { messageOf } from '../../../runtime/errors.ts';
import { hasCode, makePrivateDir } from '../../../runtime/private-dir.ts';

/** How long a Redis that was left behind may take to end. */
const ORPHAN_TIMEOUT_MS = 15_000;
const ATTEMPTS = 10;
const LOOK_AGAIN_MS = 50;

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
  note(url: string, redisPid?: number): Promise<void>;
  release(): Promise<void>;
}

/** Takes the directory for this process. @throws DataDirLocked, DataDirUnusable */
export async function lockDataDir(dataDir: string): Promise<DataDirLock> {
  try {
    return await takeLock(dataDir);
  } catch (error) {
    throw error instanceof DataDirLocked ? error : new DataDirUnusable(dataDir, error);
  }
}

async function takeLock(dataDir: string): Promise<DataDirLock> {
  await makePrivateDir(dataDir);
  await access(dataDir, constants.W_OK);
  const path = join(dataDir, 'lock.json');
  for (let attempt = 1; !(await create(path)); attempt++) {
    const owner = await read(path);
    if (owner !== undefined && isAlive(owner.pid)) throw new DataDirLocked(dataDir, owner);
    // Others that start at the same moment come first again and again, or it can't be removed.
    if (attempt === ATTEMPTS) throw new Error(`${path} is there, and cannot be taken over`);
    // Its owner was killed; the Redis that it left behind must not write the same files as ours.
    if (owner !== undefined) await endOrphan(owner);
    // Just made, it may not say yet whose it is.
    else if (attempt < ATTEMPTS - 1) await sleep(LOOK_AGAIN_MS);
    if (owner !== undefined || attempt === ATTEMPTS - 1) await rm(path, { force: true });
  }
  return {
    note: (url, redisPid) => write(path, { pid: process.pid, url, redisPid }),
    release: () => rm(path, { force: true }),
  };
}

const write = (path: string, owner: Owner): Promise<void> => writeFile(path, JSON.stringify(owner), { mode: 0o600 });

/** @returns false where there is one */
async function create(path: string): Promise<boolean> {
  try {
    const file = await open(path, 'wx', 0o600);
    await file.writeFile(JSON.stringify({ pid: process.pid }));
    await file.close();
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  }
}

/** @returns undefined where it does not say whose it is */
async function read(path: string): Promise<Owner | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
  const owner = ownerSchema.safeParse(parsedJson(text));
  return owner.success ? owner.data : undefined;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return hasCode(error, 'EPERM');
  }
}

async function endOrphan({ url, redisPid }: Owner): Promise<void> {
  const pid = (url !== undefined && (await shutDown(url, redisPid))) || redisPid;
  if (pid === undefined) return;
  for (let waitedMs = 0; isAlive(pid) && waitedMs < ORPHAN_TIMEOUT_MS; waitedMs += 50) await sleep(50);
}

/** Asked by its address, so that a stranger that has the process number by now is left alone. @returns its process number */
async function shutDown(url: string, expectedPid: number | undefined): Promise<number | undefined> {
  const redis = new Redis(url, { lazyConnect: true, maxRetriesPerRequest: 0, retryStrategy: () => null });
  redis.on('error', () => undefined);
  try {
    await redis.connect();
    const pid = Number(/^process_id:(\d+)/m.exec(await redis.info('server'))?.[1]);
    if (expectedPid !== undefined && pid !== expectedPid) return undefined;
    // It ends without an answer.
    await redis.shutdown().catch(() => undefined);
    return pid;
  } catch {
    // Not there, or on its way out.
    return undefined;
  } finally {
    redis.disconnect();
  }
}
