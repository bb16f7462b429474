import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { readdir, rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { makePrivateDir } from '../runtime/private-dir.ts';
import { FileTooLarge } from './problems.ts';

/** Of the disk, left to others: the own Redis writes there too. */
const RESERVE_BYTES = 256 * 1_048_576;
/** How much is written between two looks at the disk. */
const LOOK_BYTES = 8 * 1_048_576;
/** What a process left behind that was killed; nothing is read for so long. */
const STALE_MS = 86_400_000;
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

  constructor(options: SpoolOptions) {
    this.options = options;
  }

  /** Writes the file as it comes; whoever read it removes it. @throws FileTooLarge, NoRoom */
  async write(source: Readable, declaredBytes: number): Promise<string> {
    const { dir } = this.options;
    await makePrivateDir(dir);
    await this.removeStale();
    await this.checkRoom(declaredBytes);
    const path = join(dir, `import-${randomUUID()}.csv`);
    try {
      await pipeline(source, this.bound(), createWriteStream(path, { mode: 0o600 }));
      return path;
    } catch (error) {
      await this.remove(path);
      throw error;
    }
  }

  async remove(path: string): Promise<void> {
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

  private async removeStale(): Promise<void> {
    for (const name of await readdir(this.options.dir)) {
      const path = join(this.options.dir, name);
      // Another process may remove it in this moment.
      const age = Date.now() - ((await stat(path).catch(() => undefined))?.mtimeMs ?? Number.POSITIVE_INFINITY);
      if (NAME.test(name) && age > STALE_MS) await this.remove(path);
    }
  }
}

async function freeBytesOf(dir: string): Promise<number> {
  const { bavail, bsize } = await statfs(dir);
  return bavail * bsize;
}
