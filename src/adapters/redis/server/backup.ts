import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { access, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { parsedJson } from '../../../events/json-text.ts';
import { makePrivateDir } from '../../../runtime/private-dir.ts';
import type { RedisClient } from '../client/connection.ts';
import { lockDataDir } from './data-dir-lock.ts';

/** Written last: a folder without it is no whole backup. */
const CONTENTS = 'backup.json';
/** Where Redis keeps its append-only file: a folder from version 7 on, one file before. */
const PLACES = ['appendonlydir', 'appendonly.aof'];
const ATTEMPTS = 3;
const REWRITE_TIMEOUT_MS = 10 * 60_000;
const LOOK_MS = 100;

const contentsSchema = z.object({
  format: z.literal(1),
  made_at: z.string(),
  files: z.array(z.object({ name: z.string(), bytes: z.int(), sha256: z.string() })).min(1),
});
type File = z.infer<typeof contentsSchema>['files'][number];

/** The backup can't be made, or not be brought back. */
class BackupRefused extends Error {
  readonly code = 'backup-refused';
  readonly retryable = false;
}

/**
 * Copies the append-only file of the Redis that runs in the data directory, as it is when its copy begins at the latest. It goes on
 * being written to: what is copied of its end is a beginning of what follows, and Redis takes off a command that is cut short.
 * @returns bytes
 */
export async function backUp(redis: RedisClient, dataDir: string, target: string, madeAt: string): Promise<number> {
  await makePrivateDir(target).catch((error: unknown) => {
    throw new BackupRefused(`${target} can't be made (${codeOf(error)}); name a folder that can be written to`);
  });
  if ((await readdir(target)).length > 0)
    throw new BackupRefused(`${target} is not empty; name a folder that is, or that is not there yet`);
  const source = join(resolve(dataDir), 'redis');
  const files = await withoutRewriting(redis, () => copyWhole(source, target));
  const contents = { format: 1, made_at: madeAt, files };
  await writeFile(join(target, CONTENTS), `${JSON.stringify(contents, null, 2)}\n`, { mode: 0o600 });
  return files.reduce((sum, { bytes }) => sum + bytes, 0);
}

/** A rewrite would take files away that are being copied. */
async function withoutRewriting<T>(redis: RedisClient, work: () => Promise<T>): Promise<T> {
  const setting = 'auto-aof-rewrite-percentage';
  const found = await redis.config('GET', setting);
  const before = Array.isArray(found) ? String(found[1]) : '100';
  await redis.config('SET', setting, '0');
  try {
    for (let waitedMs = 0; /^aof_rewrite_(in_progress|scheduled):1/m.test(await redis.info('persistence')); ) {
      if (waitedMs >= REWRITE_TIMEOUT_MS) throw new BackupRefused('Redis has been rewriting its file for ten minutes');
      await sleep(LOOK_MS);
      waitedMs += LOOK_MS;
    }
    return await work();
  } finally {
    await redis.config('SET', setting, before);
  }
}

/** Somebody may have had it rewritten all the same: then it is copied again. */
async function copyWhole(source: string, target: string): Promise<File[]> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const names = await namesIn(source);
    const files: File[] = [];
    try {
      for (const name of names) files.push(await copy(join(source, name), join(target, name), name));
      if ((await namesIn(source)).join() === names.join() && names.length > 0) return files;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    }
    for (const place of PLACES) await rm(join(target, place), { recursive: true, force: true });
  }
  throw new BackupRefused(`the files in ${source} change too often; try again`);
}

/** A rewrite gives its files other names. */
async function namesIn(source: string): Promise<string[]> {
  const entries = await readdir(source, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(source.length + 1))
    .filter((name) => PLACES.some((place) => name === place || name.startsWith(`${place}/`)))
    .filter((name) => !name.includes('temp-'))
    .sort();
}

/** As much of it as there is now. */
async function copy(from: string, to: string, name: string): Promise<File> {
  const { size } = await stat(from);
  await makePrivateDir(resolve(to, '..'));
  const hash = createHash('sha256');
  const tee = new Transform({
    transform(chunk, _, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
  const read = size === 0 ? createReadStream(from, { end: 0 }).take(0) : createReadStream(from, { end: size - 1 });
  await pipeline(read, tee, createWriteStream(to, { mode: 0o600, flush: true }));
  return { name, bytes: size, sha256: hash.digest('hex') };
}

/** Lays a backup's files where the embedded Redis will find them, whole or not at all. @throws BackupRefused, DataDirLocked */
export async function restore(from: string, dataDir: string): Promise<string> {
  const { made_at: madeAt, files } = await contentsOf(from);
  const root = resolve(dataDir);
  const lock = await lockDataDir(root);
  try {
    const [target, half] = [join(root, 'redis'), join(root, 'redis.restoring')];
    if ((await namesIn(target).catch(() => [])).length > 0)
      throw new BackupRefused(`${root} holds data already; move it away, or set DATA_DIR to another directory`);
    await rm(half, { recursive: true, force: true });
    await mkdir(half, { mode: 0o700 });
    for (const { name, bytes, sha256 } of files) {
      const got = await copy(join(from, name), join(half, name), name).catch(() => undefined);
      if (got?.sha256 !== sha256 || got.bytes !== bytes)
        throw new BackupRefused(`${join(from, name)} is missing or damaged; take another backup`);
    }
    await rm(target, { recursive: true, force: true });
    await rename(half, target);
    return madeAt;
  } finally {
    await lock.release();
  }
}

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : 'failed');

async function contentsOf(from: string): Promise<z.infer<typeof contentsSchema>> {
  const path = join(from, CONTENTS);
  try {
    await access(path);
  } catch {
    throw new BackupRefused(`${from} is no whole backup: it has no ${CONTENTS}`);
  }
  const contents = contentsSchema.safeParse(parsedJson(await readFile(path, 'utf8')));
  if (!contents.success)
    throw new BackupRefused(`${path} cannot be read; it was made by another version, or is damaged`);
  const outside = contents.data.files.find(
    ({ name }) => !PLACES.some((place) => name.startsWith(place)) || name.includes('..'),
  );
  if (outside !== undefined) throw new BackupRefused(`${path} names a file that is none of Redis's: ${outside.name}`);
  return contents.data;
}
