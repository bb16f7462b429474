import { randomUUID } from 'node:crypto';
import { type FileHandle, open, readdir, readFile, rm, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { hasCode, makePrivateDir } from '../runtime/private-dir.ts';
import { padded } from './files.ts';
import { type Segment, secretPathOf } from './parquet-writer.ts';

/** What begins each waiting row. */
const row = z.object({ p: z.int() });
const NEWLINE = 10;
/** How names of files end whose rows were fetched from the log: whoever begins anew fetches them again. */
export const FETCHED_FILE = '.fetched';

/** A unit's rows behind those that are committed: whether it is committed nobody has said yet. */
interface Tail {
  readonly bytes: number;
  readonly to: number;
}

/**
 * A file of rows that wait to be written as Parquet. Each unit's rows are on disk before the unit is committed, so that none is lost; what
 * was kept of a unit that was not committed is overwritten by what is counted instead.
 */
export class WaitingFile {
  readonly path: string;
  readonly openedAtMs: number;
  private readonly handle: FileHandle;
  private readonly from: number;
  private tail: Tail | undefined;
  private isEmpty = true;
  /** Bytes of committed rows, and the place behind the last of them. */
  bytes = 0;
  to = 0;

  private constructor(path: string, handle: FileHandle, from: number, openedAtMs: number) {
    this.path = path;
    this.handle = handle;
    this.openedAtMs = openedAtMs;
    this.from = from;
  }

  static async create(dir: string, from: number, nowMs: number): Promise<WaitingFile> {
    await makePrivateDir(dir);
    const path = join(dir, `${padded(from)}-${randomUUID()}.jsonl`);
    return new WaitingFile(path, await open(path, 'wx', 0o600), from, nowMs);
  }

  get isInDoubt(): boolean {
    return this.tail !== undefined;
  }

  /** Resolves when the rows would survive a loss of power. */
  async keep(rows: Buffer, to: number): Promise<void> {
    const before = this.tail?.bytes ?? 0;
    this.tail = { bytes: rows.length, to };
    // A disk that is nearly full takes a part without a word.
    for (let at = 0; at < rows.length; )
      at += (await this.handle.write(rows, at, rows.length - at, this.bytes + at)).bytesWritten;
    if (before > rows.length) await this.handle.truncate(this.bytes + rows.length);
    await this.handle.datasync();
  }

  commit(): void {
    if (this.tail === undefined) return;
    this.bytes += this.tail.bytes;
    this.to = this.tail.to;
    this.isEmpty = false;
    this.tail = undefined;
  }

  /** Counting stands here: so the tail is committed, or it is not. */
  async standsAt(position: number): Promise<void> {
    if (this.tail === undefined) return;
    if (position >= this.tail.to) this.commit();
    else {
      await this.handle.truncate(this.bytes);
      this.tail = undefined;
    }
  }

  /** What is in it stays for the next start. */
  leave(): Promise<void> {
    return this.handle.close();
  }

  /** @returns undefined where there is nothing in it */
  async close(of: Pick<Segment, 'partition' | 'log'>): Promise<Segment | undefined> {
    await this.handle.close();
    if (!this.isEmpty) return { ...of, path: this.path, from: this.from, to: this.to };
    await rm(this.path, { force: true });
    return undefined;
  }
}

/** Waiting files that a process has left which ended: without what was not committed, and what a crash has cut. */
export async function recover(
  dir: string,
  position: number,
  isOpen: (path: string) => boolean,
  of: Pick<Segment, 'partition' | 'log'>,
): Promise<Segment[]> {
  const segments: Segment[] = [];
  const names = await namesIn(dir);
  for (const name of names.filter((one) => one.endsWith('.secret')))
    if (!names.some((one) => secretPathOf(one) === name)) await rm(join(dir, name), { force: true });
  for (const name of names.filter((one) => one.endsWith(FETCHED_FILE)))
    if (!isOpen(join(dir, name))) await rm(join(dir, name), { force: true });
  for (const name of names.filter((one) => one.endsWith('.jsonl'))) {
    const path = join(dir, name);
    if (isOpen(path)) continue;
    const { bytes, from, to } = committed(await readFile(path), position);
    if (from === undefined) await rm(path, { force: true });
    else {
      await truncate(path, bytes);
      segments.push({ ...of, path, from: Math.min(from, begunAt(name)), to });
    }
  }
  return segments;
}

/** Where counting stood when it was made: records before its first row have left none. */
const begunAt = (name: string): number => Number(/^\d+/.exec(name)?.[0] ?? Number.POSITIVE_INFINITY);

/** How much of a file is of records before this place. */
function committed(content: Buffer, position: number): { bytes: number; from: number | undefined; to: number } {
  let [bytes, to] = [0, 0];
  let from: number | undefined;
  for (let at = 0; at < content.length; ) {
    const end = content.indexOf(NEWLINE, at);
    if (end < 0) break;
    const place = placeOf(content.toString('utf8', at, end));
    if (place === undefined || place >= position) break;
    from ??= place;
    to = place + 1;
    at = end + 1;
    bytes = at;
  }
  return { bytes, from, to };
}

function placeOf(line: string): number | undefined {
  try {
    return row.parse(JSON.parse(line)).p;
  } catch {
    return undefined;
  }
}

async function namesIn(dir: string): Promise<string[]> {
  try {
    return (await readdir(dir)).sort();
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  }
}
