import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { readdir, rm, stat, statfs, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { makePrivateDir } from '../runtime/private-dir.ts';
import { FileTooLarge } from './problems.ts';

/** Of the disk, left to others: the own Redis writes there too. */
const RESERVE_BYTES = 256 * 1_048_576;
/** How much is written between two looks at the disk. */
const LOOK_BYTES = 8 * 1_048_576;
/** Files that are read are marked so often; what was not for so long was left behind by a process that was killed. */
const MARK_MS = 60_000;
const STALE_MS = 10 * MARK_MS;
const NAME = /^import-.*\.csv$/;

/** The disk has no room for the file. */
export class NoRoom extends Error {
  readonly code = 'no-room';
  readonly retryable = true;
}

export interface SpoolOptions {
  readonly dir: string;
  readonly maxBytes: number;
  /** Free bytes of the disk; tests have others. */
  readonly freeBytes?: (dir: string) => Promise<number>;
}

/** Where a file lies while it is read: it is checked whole before anything of it is counted. */
export class Spool {
  private readonly options: SpoolOptions;
  private readonly own = new Set<string>();
  private timer: NodeJS.Timeout | undefined;

  constructor(options: SpoolOptions) {
    this.options = options;
  }

  /** Personal data lies in files: what others left behind goes now, and every minute. */
  start(): void {
    this.timer ??= setInterval(() => void this.tidy(), MARK_MS).unref();
    void this.tidy();
  }

  stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }

  /** Marks what is read here, and removes what nobody reads. */
  async tidy(nowMs = Date.now()): Promise<void> {
    const at = new Date(nowMs);
    // A file or the folder may go in this moment; what is missed now is found in a minute.
    for (const path of this.own) await utimes(path, at, at).catch(() => undefined);
    await this.removeStale(nowMs).catch(() => undefined);
  }

  /** Writes the file as it comes; whoever read it removes it. @throws FileTooLarge, NoRoom */
  async write(source: Readable, declaredBytes: number): Promise<string> {
    const { dir } = this.options;
    await makePrivateDir(dir);
    await this.removeStale();
    await this.checkRoom(declaredBytes);
    const path = join(dir, `import-${randomUUID()}.csv`);
    this.own.add(path);
    try {
      await pipeline(source, this.bound(), createWriteStream(path, { mode: 0o600 }));
      return path;
    } catch (error) {
      await this.remove(path);
      throw error;
    }
  }

  async remove(path: string): Promise<void> {
    this.own.delete(path);
    await rm(path, { force: true });
  }

  private bound(): Transform {
    const { maxBytes } = this.options;
    let bytes = 0;
    let looked = 0;
    const check = async (length: number): Promise<void> => {
      bytes += length;
      if (bytes > maxBytes) throw new FileTooLarge(`the file has more than ${maxBytes} bytes`);
      if (bytes - looked < LOOK_BYTES) return;
      looked = bytes;
      await this.checkRoom(0);
    };
    return new Transform({
      transform: (chunk: Buffer, _encoding, done) => {
        check(chunk.byteLength).then(() => done(null, chunk), done);
      },
    });
  }

  private async checkRoom(bytes: number): Promise<void> {
    const { dir, freeBytes = freeBytesOf } = this.options;
    if ((await freeBytes(dir)) < bytes + RESERVE_BYTES) throw new NoRoom('the disk has no room for the file');
  }

  private async removeStale(nowMs = Date.now()): Promise<void> {
    for (const name of await readdir(this.options.dir)) {
      const path = join(this.options.dir, name);
      // Another process may remove it in this moment.
      const age = nowMs - ((await stat(path).catch(() => undefined))?.mtimeMs ?? Number.POSITIVE_INFINITY);
      if (NAME.test(name) && age > STALE_MS) await this.remove(path);
    }
  }
}

async function freeBytesOf(dir: string): Promise<number> {
  const { bavail, bsize } = await statfs(dir);
  return bavail * bsize;
}
