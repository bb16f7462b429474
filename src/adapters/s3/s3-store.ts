import { rm, stat } from 'node:fs/promises';
import { Semaphore } from 'async-mutex';
import { type ArchiveStore, type Dates, FileChanged, type StoredFile } from '../../archive/store.ts';
import { S3Client, type S3Settings } from './client.ts';
import { ObjectCache } from './object-cache.ts';
import { explainS3, S3Problem, S3Refused } from './problems.ts';

export interface S3StoreParts {
  readonly settings: S3Settings;
  /** What all names begin with: empty, or ends with a slash. */
  readonly prefix: string;
  readonly cacheDir: string;
  readonly cacheBytes: number;
}

/** One object; larger ones take more than a PUT. */
const MOST_BYTES = 1_073_741_824;
const AT_ONCE = 4;
const CHECK = '.check';
const DATE = /date=([^/]+)\//;

/** The archive in a bucket. A PUT is at once; what is read is brought into a folder of this machine first. */
export class S3Store implements ArchiveStore {
  readonly root: string;
  readonly mostBytes: number;
  private readonly parts: S3StoreParts;
  private readonly client: S3Client;
  private readonly cache: ObjectCache;

  constructor(parts: S3StoreParts) {
    this.parts = parts;
    this.client = new S3Client(parts.settings);
    this.cache = new ObjectCache(parts.cacheDir, parts.cacheBytes, (file, to) => this.bring(file, to));
    this.root = this.cache.root;
    this.mostBytes = Math.min(MOST_BYTES, parts.cacheBytes / 2);
  }

  get description(): string {
    return `s3://${this.parts.settings.bucket}/${this.parts.prefix}`;
  }

  /** Tries everything that the archive does there, and leaves nothing. @throws S3Refused with one line that says what is wrong */
  async check(writes: boolean): Promise<void> {
    const { settings, prefix } = this.parts;
    const key = `${prefix}${CHECK}`;
    await this.tried('read', () => this.client.list(prefix, { after: '' }));
    if (!writes) return;
    await this.tried('write', () => this.client.putBytes(key, Buffer.from(settings.bucket)));
    await this.tried('read', () => this.client.getText(key).catch(unlessGone));
    await this.tried('delete', () => this.client.remove(key));
  }

  async list(folder: string, within: Dates): Promise<StoredFile[]> {
    const files = await this.listed(folder, within);
    await this.cache.dropOthers(folder, within, files);
    return files;
  }

  private async listed(folder: string, { from = '', to = '~' }: Dates): Promise<StoredFile[]> {
    const { prefix } = this.parts;
    const dated = `${prefix}${folder === '' ? '' : `${folder}/`}date=`;
    const files: StoredFile[] = [];
    let token: string | undefined;
    do {
      const page = await this.client.list(dated, token === undefined ? { after: `${dated}${from}` } : { token });
      token = page.next;
      for (const { key, version, bytes } of page.objects) {
        const path = key.slice(prefix.length);
        const date = DATE.exec(path)?.[1] ?? '';
        // They come in the order of their names.
        if (date > to) return files;
        if (date >= from) files.push({ path, version, bytes });
      }
    } while (token !== undefined);
    return files;
  }

  async put(made: string, path: string, over?: string): Promise<void> {
    const { size: bytes } = await stat(made);
    const condition = over === undefined ? 'nothing' : { version: over };
    try {
      const version = await this.client.put(made, this.keyOf(path), condition);
      if (version === undefined) await rm(made, { force: true });
      else await this.cache.keep(made, { path, version, bytes });
    } catch (error) {
      throw changed(error, path);
    }
  }

  async remove(paths: readonly string[]): Promise<void> {
    const slots = new Semaphore(AT_ONCE);
    await Promise.all(paths.map((path) => slots.runExclusive(() => this.client.remove(this.keyOf(path)))));
    if (paths.length > 0) await this.cache.forget(paths);
  }

  read<T>(
    files: readonly StoredFile[],
    use: (pathOf: (file: StoredFile) => string) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T> {
    return this.cache.read(files, use, signal);
  }

  working(name: string): Promise<string> {
    return this.cache.working(name);
  }

  clean(): Promise<void> {
    return this.cache.clean();
  }

  giveUp(): void {
    this.client.giveUp();
  }

  private async bring({ path, version, bytes }: StoredFile, to: string): Promise<void> {
    try {
      await this.client.get(this.keyOf(path), version, bytes, to);
    } catch (error) {
      await rm(to, { force: true });
      throw changed(error, path);
    }
  }

  private keyOf(path: string): string {
    return `${this.parts.prefix}${path}`;
  }

  private async tried(doing: string, work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      throw error instanceof S3Problem ? new S3Refused(explainS3(error, doing, this.parts.settings)) : error;
    }
  }
}

/** Another process that starts as well has removed it. */
function unlessGone(error: unknown): void {
  if (!(error instanceof S3Problem && error.reason === 'NoSuchKey')) throw error;
}

/** Another version lies there, or none. */
function changed(error: unknown, path: string): unknown {
  const isOther = error instanceof S3Problem && (error.status === 412 || error.status === 404);
  return isOther && error.reason !== 'NoSuchBucket'
    ? new FileChanged(`${path} is not what it was`, { cause: error })
    : error;
}
