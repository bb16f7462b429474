import { type ArchiveStore, type Dates, FileChanged, type StoredFile } from './store.ts';

export type { Dates } from './store.ts';

/** What one Parquet file holds: the positions of one partition, of one local date. */
export interface Held {
  readonly date: string;
  /** `events-0` */
  readonly partition: string;
  /** Which log it was: places in another one say nothing about this one's. */
  readonly log: string;
  readonly from: number;
  /** Behind the last. */
  readonly to: number;
}

/** A file of the archive, and what its name says of it. */
export interface ArchiveFile extends Held, StoredFile {
  /** Rows before this position count in another file. */
  readonly countsFrom: number;
}

/** A file that is read: all of it, or from a position on. */
export interface Source {
  readonly path: string;
  readonly from?: number | undefined;
}

const PATH = /^(?:\.control\/)?date=(\d{4,6}-\d{2}-\d{2})\/partition=([^/]+)\/([a-z0-9]+)-(\d+)-(\d+)\.parquet$/;
/** Where records lie that are no events, which nobody counts. Whoever reads the archive passes over what begins with a dot. */
export const CONTROL_DIR = '.control';

const nameOf = ({ log, from, to }: Held): string => `${log}-${padded(from)}-${padded(to)}.parquet`;
/** So that names are in the order of what they hold. */
export const padded = (position: number): string => String(position).padStart(15, '0');

/** The archive's files, by the names that say what each holds. */
export class ArchiveFiles {
  readonly store: ArchiveStore;
  private readonly folder: string;
  private readonly controlFiles: ArchiveFiles | undefined;

  constructor(store: ArchiveStore, folder = '') {
    this.store = store;
    this.folder = folder;
    this.controlFiles = folder === '' ? new ArchiveFiles(store, CONTROL_DIR) : undefined;
  }

  /** Those of records that are no events. */
  get control(): ArchiveFiles {
    return this.controlFiles ?? this;
  }

  /** All that count, in the order of dates, partitions and positions: what several hold counts in the one that begins first. */
  async list(within: Dates = {}): Promise<ArchiveFile[]> {
    return (await this.all(within)).filter(isNeeded);
  }

  /** Files that a merge which was cut off has left: others hold all that they hold. */
  async stale(): Promise<ArchiveFile[]> {
    return (await this.all()).filter((file) => !isNeeded(file));
  }

  /** Those that count, and those that do not. */
  async all(within: Dates = {}): Promise<ArchiveFile[]> {
    const found = (await this.store.list(this.folder, within)).flatMap(heldBy);
    return groupedBy(found, placeOf).flatMap(counting).sort(byName);
  }

  /** Has the files at hand while they are read. */
  read<T>(
    files: readonly ArchiveFile[],
    use: (sourceOf: (file: ArchiveFile) => Source) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T> {
    const cutAt = ({ countsFrom, from }: ArchiveFile): number | undefined =>
      countsFrom > from ? countsFrom : undefined;
    return this.store.read(files, (pathOf) => use((file) => ({ path: pathOf(file), from: cutAt(file) })), signal);
  }

  /** Takes a file that was made in. */
  place(made: string, held: Held): Promise<void> {
    return this.store.put(made, this.pathOf(held));
  }

  /** Takes it in for one that is there. @throws FileChanged */
  replace(made: string, file: ArchiveFile): Promise<void> {
    return this.store.put(made, file.path, file.version);
  }

  /** Where a file can be made before it is taken in. */
  working(held: Held): Promise<string> {
    const of = this.folder === '' ? '' : 'control-';
    return this.store.working(`${of}${held.date}-${held.partition}-${nameOf(held)}`);
  }

  remove(files: readonly StoredFile[]): Promise<void> {
    return this.store.remove(files.map(({ path }) => path));
  }

  /** Drops all files of dates before this one. */
  async dropBefore(date: string): Promise<void> {
    const old = (await this.all({ to: date })).filter((file) => file.date < date);
    await this.remove(old);
    await this.controlFiles?.dropBefore(date);
  }

  /** Drops all of it, and nothing else that lies there. */
  async empty(): Promise<void> {
    await this.dropBefore('~');
    await this.store.clean();
  }

  private pathOf(held: Held): string {
    const path = `date=${held.date}/partition=${held.partition}/${nameOf(held)}`;
    return this.folder === '' ? path : `${this.folder}/${path}`;
  }
}

/** Does what lists files and reads them once more where one has gone or changed in between. */
export async function onChange<T>(work: () => Promise<T>, isStale: (error: unknown) => boolean): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof FileChanged || isStale(error))) throw error;
    return work();
  }
}

/** Files of one place may be merged into one. */
export const placeOf = ({ date, partition, log }: Held): string => `${date}/${partition}/${log}`;

export function groupedBy<T>(all: readonly T[], keyOf: (one: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    const key = keyOf(one);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else group.push(one);
  }
  return [...groups.values()];
}

const isNeeded = ({ countsFrom, to }: ArchiveFile): boolean => countsFrom < to;

function heldBy(file: StoredFile): ArchiveFile[] {
  const [, date, partition, log, first, last] = PATH.exec(file.path) ?? [];
  if (date === undefined || partition === undefined || log === undefined) return [];
  const [from, to] = [Number(first), Number(last)];
  return [{ ...file, date, partition, log, from, to, countsFrom: from }];
}

/** Files of one place: of positions that several of them hold the first one's rows count. */
function counting(files: readonly ArchiveFile[]): ArchiveFile[] {
  let reached = 0;
  return [...files]
    .sort((a, b) => a.from - b.from || b.to - a.to)
    .map((file) => {
      const countsFrom = Math.max(file.from, reached);
      reached = Math.max(reached, file.to);
      return { ...file, countsFrom };
    });
}

function byName(a: ArchiveFile, b: ArchiveFile): number {
  const [one, other] = [placeOf(a), placeOf(b)];
  if (one !== other) return one < other ? -1 : 1;
  return a.from - b.from || b.to - a.to;
}
