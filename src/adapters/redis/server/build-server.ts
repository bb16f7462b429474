import { createHash } from 'node:crypto';
import { access, constants, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Logger } from '../../../runtime/logger.ts';
import { makePrivateDir } from '../../../runtime/private-dir.ts';
import { type Machine, reasonOf } from './machine.ts';

const DOWNLOAD_TIMEOUT_MS = 3 * 60_000;
const UNPACK_TIMEOUT_MS = 60_000;
const BUILD_TIMEOUT_MS = 20 * 60_000;
const MAX_BYTES = 32 * 1_048_576;
const TOOLS = ['tar', 'make', 'cc'] as const;

/** A release whose source is built here. */
export interface Release {
  readonly version: string;
  readonly url: string;
  readonly sha256: string;
}

/** Of the last line under the BSD license; the checksum is the one in https://github.com/redis/redis-hashes. */
export const REDIS_RELEASE: Release = {
  version: '7.2.15',
  url: 'https://download.redis.io/releases/redis-7.2.15.tar.gz',
  sha256: '7bf7975331511fdb788e85dae63964b128fccee1df026a10db57444babc9c9c4',
};

/** The server that was built before. */
export async function builtServer(cacheDir: string, release: Release): Promise<string | undefined> {
  const path = pathOf(cacheDir, release);
  return access(path, constants.X_OK).then(
    () => path,
    () => undefined,
  );
}

/** Downloads the source, compares it with its checksum, and builds it. @returns where the server lies */
export async function buildServer(
  machine: Machine,
  cacheDir: string,
  release: Release,
  logger: Logger,
): Promise<string | undefined> {
  const { version } = release;
  try {
    await needTools(machine);
    await makePrivateDir(cacheDir);
    const workDir = await mkdtemp(join(cacheDir, 'build-'));
    try {
      const built = await build(machine, workDir, release, logger);
      await rename(built, pathOf(cacheDir, release));
    } finally {
      await rm(workDir, { recursive: true, force: true });
    }
    logger.info({}, `built ${pathOf(cacheDir, release)}; the next start finds it there`);
    return pathOf(cacheDir, release);
  } catch (error) {
    logger.warn({ reason: reasonOf(error) }, `Redis ${version} could not be built from its source`);
    return undefined;
  }
}

/** @throws where one is missing */
async function needTools(machine: Machine): Promise<void> {
  const missing: string[] = [];
  for (const tool of TOOLS) if ((await machine.which(tool)) === undefined) missing.push(tool);
  if (missing.length > 0) throw new Error(`it takes ${missing.join(', ')}`);
}

async function build(machine: Machine, workDir: string, release: Release, logger: Logger): Promise<string> {
  const { version, url } = release;
  logger.info({}, `downloading the source of Redis ${version} from ${new URL(url).host}`);
  const archive = join(workDir, 'redis.tar.gz');
  await writeFile(archive, await download(release));
  await machine.run('tar', ['-xzf', archive, '-C', workDir, '--strip-components=1'], UNPACK_TIMEOUT_MS);
  logger.info({}, `the source is what its checksum says; building Redis ${version} with make, which takes minutes`);
  await machine.run('make', ['-C', workDir, `-j${availableParallelism()}`, 'redis-server'], BUILD_TIMEOUT_MS);
  return join(workDir, 'src/redis-server');
}

function pathOf(cacheDir: string, { version }: Release): string {
  return join(cacheDir, `redis-server-${version}`);
}

/** @throws where it is not the file that the checksum is of */
async function download({ url, sha256 }: Release): Promise<Buffer> {
  const response = await fetch(url, { signal: AbortSignal.timeout(DOWNLOAD_TIMEOUT_MS) });
  if (!response.ok || response.body === null) throw new Error(`${url} answers with ${response.status}`);
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body) {
    size += part.length;
    if (size > MAX_BYTES) throw new Error(`${url} is larger than it should be`);
    parts.push(part);
  }
  const bytes = Buffer.concat(parts);
  const found = createHash('sha256').update(bytes).digest('hex');
  if (found !== sha256) throw new Error(`${url} has the SHA-256 ${found} instead of ${sha256}; nothing of it was used`);
  return bytes;
}
