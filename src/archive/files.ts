import { open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { hasCode, makePrivateDir } from '../runtime/private-dir.ts';

/** One Parquet file: the positions of one partition that it holds, of one local date. */
export interface ArchiveFile {
  readonly date: string;
  /** `events-0` */
  readonly partition: string;
  /** Which log it was: places in another one say nothing about this one's. */
  readonly log: string;
  readonly from: number;
  /** Behind the last. */
  readonly to: number;
}

const DATE_DIR = /^date=(\d{4,6}-\d{2}-\d{2})$/;
const PARTITION_DIR = /^partition=(.+)$/;
const NAME = /^([a-z0-9]+)-(\d+)-(\d+)\.parquet$/;
/** Where files are made. Whoever reads the archive passes over what begins with a dot. */
export const WORKING = '.working';
/** Where records lie that are no events, which nobody counts. */
export const CONTROL_DIR = '.control';

export const dirOf = ({ date, partition }: ArchiveFile): string => join(`date=${date}`, `partition=${partition}`);
export const nameOf = ({ log, from, to }: ArchiveFile): string => `${log}-${padded(from)}-${padded(to)}.parquet`;
export const pathOf = (file: ArchiveFile): string => join(dirOf(file), nameOf(file));

/** So that names are in the order of what they hold. */
export const padded = (position: number): string => String(position).padStart(15, '0');

/** Does one hold all that the other holds? Then the other is left from a merge that was cut off. */
export function covers(one: ArchiveFile, other: ArchiveFile): boolean {
  const isSamePlace = one.date === other.date && one.partition === other.partition && one.log === other.log;
  return isSamePlace && one.from <= other.from && one.to >= other.to && one.to - one.from > other.to - other.from;
}

/** Local dates, both included. */
export interface Dates {
  readonly from?: string;
  readonly to?: string;
}

/** The archive's files on a disk. */
export class ArchiveFiles {
  readonly root: string;
  private readonly controlFiles: ArchiveFiles | undefined;

  constructor(root: string, isControl = false) {
    this.root = root;
    this.controlFiles = isControl ? undefined : new ArchiveFiles(join(root, CONTROL_DIR), true);
  }

  /** Those of records that are no events. */
  get control(): ArchiveFiles {
    return this.controlFiles ?? this;
  }

  /** All that count, in the order of dates, partitions and positions: of those that lie over each other the one that holds more. */
  async list(within: Dates = {}): Promise<ArchiveFile[]> {
    const places = await this.places(within);
    return places.flatMap((files) => files.filter((file) => !files.some((other) => covers(other, file))));
  }

  /** Files that a merge which was cut off has left. */
  async stale(): Promise<ArchiveFile[]> {
    const places = await this.places({});
    return places.flatMap((files) => files.filter((file) => files.some((other) => covers(other, file))));
  }

  /** The files of each date and partition. */
  private async places({ from = '', to = '~' }: Dates): Promise<ArchiveFile[][]> {
    const places: ArchiveFile[][] = [];
    for (const dated of await namesIn(this.root)) {
      const date = DATE_DIR.exec(dated)?.[1];
      if (date === undefined || date < from || date > to) continue;
      for (const parted of await namesIn(join(this.root, dated))) {
        const partition = PARTITION_DIR.exec(parted)?.[1];
        if (partition === undefined) continue;
        const names = await namesIn(join(this.root, dated, parted));
        places.push(names.flatMap((name) => fileOf(name, date, partition)));
      }
    }
    return places;
  }

  absolute(file: ArchiveFile): string {
    return join(this.root, pathOf(file));
  }

  /** A path at which a file can be made before it takes its place. */
  async working(name: string): Promise<string> {
    await makePrivateDir(join(this.root, WORKING));
    return join(this.root, WORKING, name);
  }

  /** Puts a file that was made into its place, at once and for good: whoever reads sees all of it or nothing. */
  async place(made: string, file: ArchiveFile): Promise<void> {
    const dir = join(this.root, dirOf(file));
    await makePrivateDir(dir);
    await sync(made);
    await rename(made, join(dir, nameOf(file)));
    await sync(dir);
  }

  async remove(file: ArchiveFile): Promise<void> {
    await rm(this.absolute(file), { force: true });
  }

  /** Drops all files of dates before this one. @returns how many dates */
  async dropBefore(date: string): Promise<number> {
    const old = (await namesIn(this.root)).filter((name) => (DATE_DIR.exec(name)?.[1] ?? date) < date);
    for (const name of old) await rm(join(this.root, name), { recursive: true, force: true });
    await this.controlFiles?.dropBefore(date);
    return old.length;
  }

  /** Drops all of it, and nothing else that lies there. */
  async empty(): Promise<void> {
    await this.dropBefore('~');
    await this.clean();
  }

  async clean(): Promise<void> {
    await rm(join(this.root, WORKING), { recursive: true, force: true });
    await this.controlFiles?.clean();
  }
}

function fileOf(name: string, date: string, partition: string): ArchiveFile[] {
  const [, log, first, last] = NAME.exec(name) ?? [];
  return log === undefined ? [] : [{ date, partition, log, from: Number(first), to: Number(last) }];
}

async function namesIn(dir: string): Promise<string[]> {
  try {
    return (await readdir(dir)).sort();
  } catch (error) {
    if (hasCode(error, 'ENOENT') || hasCode(error, 'ENOTDIR')) return [];
    throw error;
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
