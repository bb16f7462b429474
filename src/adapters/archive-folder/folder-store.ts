import { access, constants, open, readdir, rename, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { type ArchiveStore, type Dates, FileChanged, type StoredFile } from '../../archive/store.ts';
import { hasCode, makePrivateDir } from '../../runtime/private-dir.ts';

/** Where files are made. Whoever reads the archive passes over what begins with a dot. */
const WORKING = '.working';
const DATE_DIR = /^date=(.+)$/;
const MOST_BYTES = 1_073_741_824;

/** The folder can't be the archive's. */
export class FolderRefused extends Error {
  readonly code = 'archive-folder-refused';
  readonly retryable = false;
}

/** The archive in a folder of a disk. */
export class FolderStore implements ArchiveStore {
  readonly root: string;
  readonly mostBytes = MOST_BYTES;

  constructor(root: string) {
    this.root = resolve(root);
  }

  get description(): string {
    return this.root;
  }

  /** @throws FolderRefused where it could not be written to: it, or the nearest folder above it that is there */
  async check(): Promise<void> {
    let dir = this.root;
    while (!(await exists(dir)) && dirname(dir) !== dir) dir = dirname(dir);
    const place = dir === this.root ? dir : `${dir}, in which it would be made,`;
    const problem = (await stat(dir)).isDirectory() ? await problemOfWriting(dir) : 'is no folder';
    if (problem !== undefined)
      throw new FolderRefused(`the archive's folder is ${this.root}: ${place} ${problem}. ARCHIVE_DIR names another`);
  }

  async list(folder: string, { from = '', to = '~' }: Dates): Promise<StoredFile[]> {
    const files: StoredFile[] = [];
    for (const dated of await namesIn(join(this.root, folder))) {
      const date = DATE_DIR.exec(dated)?.[1];
      if (date === undefined || date < from || date > to) continue;
      for (const parted of await namesIn(join(this.root, folder, dated))) {
        const dir = join(folder, dated, parted);
        const found = (await namesIn(join(this.root, dir))).map((name) => this.look(join(dir, name)));
        for (const file of await Promise.all(found)) if (file !== undefined) files.push(file);
      }
    }
    return files;
  }

  async put(made: string, path: string, over?: string): Promise<void> {
    if (over !== undefined && (await this.look(path))?.version !== over)
      throw new FileChanged(`${path} is not what it was`);
    const dir = join(this.root, dirname(path));
    await makePrivateDir(dir);
    await sync(made);
    await rename(made, join(this.root, path));
    await sync(dir);
  }

  async remove(paths: readonly string[]): Promise<void> {
    for (const path of paths) await rm(join(this.root, path), { force: true });
    for (const parted of new Set(paths.map(dirname)))
      for (const dir of [parted, dirname(parted)]) await removeIfEmpty(join(this.root, dir));
  }

  async read<T>(_files: readonly StoredFile[], use: (pathOf: (file: StoredFile) => string) => Promise<T>): Promise<T> {
    return use(({ path }) => join(this.root, path));
  }

  async working(name: string): Promise<string> {
    await makePrivateDir(join(this.root, WORKING));
    return join(this.root, WORKING, name);
  }

  async clean(): Promise<void> {
    await rm(join(this.root, WORKING), { recursive: true, force: true });
  }

  /** A disk keeps nobody waiting. */
  giveUp(): void {}

  private async look(path: string): Promise<StoredFile | undefined> {
    try {
      const { size, mtimeMs, ino } = await stat(join(this.root, path));
      return { path, version: `${ino}-${mtimeMs}-${size}`, bytes: size };
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return undefined;
      throw error;
    }
  }
}

async function namesIn(dir: string): Promise<string[]> {
  try {
    return (await readdir(dir)).sort();
  } catch (error) {
    if (hasCode(error, 'ENOENT') || hasCode(error, 'ENOTDIR')) return [];
    throw error;
  }
}

async function removeIfEmpty(dir: string): Promise<void> {
  try {
    await rmdir(dir);
  } catch (error) {
    if (!['ENOENT', 'ENOTEMPTY', 'EEXIST', 'ENOTDIR'].some((code) => hasCode(error, code))) throw error;
  }
}

/** Survives a loss of power from here on. */
async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

async function problemOfWriting(dir: string): Promise<string | undefined> {
  return access(dir, constants.W_OK | constants.X_OK).then(
    () => undefined,
    (error: unknown) => (hasCode(error, 'EROFS') ? 'is read-only' : 'may not be written to by this user'),
  );
}
