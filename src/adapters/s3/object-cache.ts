import { randomUUID } from 'node:crypto';
import { readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { Mutex, Semaphore } from 'async-mutex';
import { CONTROL_DIR } from '../../archive/files.ts';
import { QueryCancelled, QueryRefused, QueryTimeout } from '../../archive/query-problems.ts';
import type { Dates, StoredFile } from '../../archive/store.ts';
import { hasCode, makePrivateDir } from '../../runtime/private-dir.ts';

/** So many objects come at once. */
const AT_ONCE = 4;
const WORKING = '.working';
const DATE = /date=([^/]+)\//;

/** Brings an object of this version here. @throws FileChanged */
export type Bring = (file: StoredFile, to: string) => Promise<void>;

interface Cached {
  readonly path: string;
  readonly bytes: number;
  readonly usedMs: number;
}

/**
 * Objects on this machine, by name and version, for as long as there is room. What is being read stays; processes that share the folder may
 * take from each other what none of their own is reading.
 */
export class ObjectCache {
  readonly root: string;
  readonly mostBytes: number;
  private readonly bring: Bring;
  /** Files that are being read, and by how many. */
  private readonly held = new Map<string, { bytes: number; readers: number }>();
  private readonly coming = new Map<string, Promise<void>>();
  private readonly room = new Mutex();
  private readonly slots = new Semaphore(AT_ONCE);
  /** Told when something is not read any more. */
  private readonly waiting = new Set<() => void>();

  constructor(root: string, mostBytes: number, bring: Bring) {
    this.root = resolve(root);
    this.mostBytes = mostBytes;
    this.bring = bring;
  }

  /** @throws QueryRefused where the files are more than there may be */
  async read<T>(
    files: readonly StoredFile[],
    use: (pathOf: (file: StoredFile) => string) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T> {
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    if (bytes > this.mostBytes)
      throw new QueryRefused(
        `this takes ${megabytes(bytes)} MB of the archive, and ARCHIVE_CACHE_BYTES lets ${megabytes(this.mostBytes)} MB be here at once: ask about fewer dates`,
      );
    await this.hold(files, signal);
    const brought = Promise.allSettled(files.map((file) => this.have(file)));
    const release = (): void => this.release(files);
    try {
      for (const outcome of await orLeft(brought, signal)) if (outcome.status === 'rejected') throw outcome.reason;
      return await use((file) => this.pathOf(file));
    } finally {
      // Who left does not keep what still comes from being counted.
      void brought.then(release);
    }
  }

  /** Keeps a file that was just made, where there is room for it. */
  async keep(made: string, file: StoredFile): Promise<void> {
    const path = this.pathOf(file);
    await this.room.runExclusive(async () => {
      if (this.heldBytes() + file.bytes > this.mostBytes) await rm(made, { force: true });
      else {
        await this.makeRoom(file.bytes);
        await makePrivateDir(dirname(path));
        await rename(made, path);
      }
    });
  }

  /** Removes what does not lie in the bucket any more: somebody may have been erased from it. */
  async dropOthers(folder: string, { from = '', to = '~' }: Dates, listed: readonly StoredFile[]): Promise<void> {
    const there = new Set(listed.map((file) => this.pathOf(file)));
    for (const { path } of await this.cached(folder)) {
      const date = DATE.exec(path)?.[1] ?? '';
      if (date < from || date > to || there.has(path) || this.held.has(path)) continue;
      await rm(path, { force: true });
    }
  }

  /** What was removed from the bucket goes from here. */
  async forget(paths: readonly string[]): Promise<void> {
    const names = new Set(paths.map((path) => join(this.root, path.replace(/\.parquet$/, ''))));
    for (const { path } of await this.everything())
      if (names.has(path.replace(/\.[^./]*\.parquet$/, '')) && !this.held.has(path)) await rm(path, { force: true });
  }

  async working(name: string): Promise<string> {
    await makePrivateDir(join(this.root, WORKING));
    return join(this.root, WORKING, name);
  }

  async clean(): Promise<void> {
    await rm(join(this.root, WORKING), { recursive: true, force: true });
  }

  private pathOf({ path, version }: StoredFile): string {
    const of = version.replaceAll(/[^A-Za-z0-9-]/g, '');
    return join(this.root, dirname(path), `${basename(path, '.parquet')}.${of}.parquet`);
  }

  /** All at once or none: who waits holds nothing that others wait for. */
  private async hold(files: readonly StoredFile[], signal: AbortSignal | undefined): Promise<void> {
    for (;;) {
      const more = files.reduce((sum, file) => sum + (this.held.has(this.pathOf(file)) ? 0 : file.bytes), 0);
      if (this.heldBytes() + more <= this.mostBytes) break;
      const free = new Promise<void>((done) => this.waiting.add(done));
      await orLeft(free, signal);
    }
    for (const file of files) {
      const path = this.pathOf(file);
      const held = this.held.get(path);
      if (held === undefined) this.held.set(path, { bytes: file.bytes, readers: 1 });
      else held.readers += 1;
    }
  }

  private release(files: readonly StoredFile[]): void {
    for (const file of files) {
      const path = this.pathOf(file);
      const held = this.held.get(path);
      if (held !== undefined) held.readers -= 1;
      if (held?.readers === 0) this.held.delete(path);
    }
    const told = [...this.waiting];
    this.waiting.clear();
    for (const done of told) done();
  }

  private have(file: StoredFile): Promise<void> {
    const path = this.pathOf(file);
    const coming = this.coming.get(path) ?? this.come(file, path).finally(() => this.coming.delete(path));
    this.coming.set(path, coming);
    return coming;
  }

  private async come(file: StoredFile, path: string): Promise<void> {
    if (await touch(path)) return;
    await this.slots.runExclusive(async () => {
      await this.room.runExclusive(() => this.makeRoom(0));
      const to = await this.working(randomUUID());
      try {
        await this.bring(file, to);
        await makePrivateDir(dirname(path));
        await rename(to, path);
      } catch (error) {
        await rm(to, { force: true });
        throw error;
      }
    });
  }

  private heldBytes(): number {
    return [...this.held.values()].reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Removes what was not read for longest, until what is held and so many bytes more fit. */
  private async makeRoom(more: number): Promise<void> {
    const rest = (await this.everything())
      .filter(({ path }) => !this.held.has(path))
      .sort((a, b) => a.usedMs - b.usedMs);
    let bytes = this.heldBytes() + more + rest.reduce((sum, one) => sum + one.bytes, 0);
    for (const one of rest) {
      if (bytes <= this.mostBytes) break;
      await rm(one.path, { force: true });
      bytes -= one.bytes;
    }
  }

  private async everything(): Promise<Cached[]> {
    return (await Promise.all(['', CONTROL_DIR].map((folder) => this.cached(folder)))).flat();
  }

  /** What lies in the folders of dates. */
  private async cached(folder: string): Promise<Cached[]> {
    const dir = join(this.root, folder);
    const cached: Cached[] = [];
    for (const dated of (await namesIn(dir)).filter((name) => name.startsWith('date=')))
      for (const parted of await namesIn(join(dir, dated)))
        for (const name of await namesIn(join(dir, dated, parted)))
          cached.push(...(await look(join(dir, dated, parted, name))));
    return cached;
  }
}

async function look(path: string): Promise<Cached[]> {
  try {
    const { size: bytes, mtimeMs: usedMs } = await stat(path);
    return [{ path, bytes, usedMs }];
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  }
}

async function namesIn(dir: string): Promise<string[]> {
  try {
    return await readdir(dir);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  }
}

/** Is it there? Then it is used now. */
async function touch(path: string): Promise<boolean> {
  const now = new Date();
  try {
    await utimes(path, now, now);
    return true;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return false;
    throw error;
  }
}

/** @throws QueryTimeout or QueryCancelled as soon as nobody waits any more */
async function orLeft<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  const left = new Promise<never>((_, reject) => {
    const leave = (): void => reject(whyOf(signal.reason));
    if (signal.aborted) leave();
    else signal.addEventListener('abort', leave, { once: true });
  });
  return Promise.race([work, left]);
}

function whyOf(reason: unknown): Error {
  if (!(reason instanceof Error && reason.name === 'TimeoutError')) return new QueryCancelled('whoever asked has left');
  return new QueryTimeout('what this takes of the archive was not here in time; it goes on coming, so ask again');
}

const megabytes = (bytes: number): number => Math.ceil(bytes / 1_048_576);
