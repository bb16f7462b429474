import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { Calendar } from '../analytics/windows.ts';
import type { ImportFormat, RowProblem } from '../events/imports/format.ts';
import { readCsv } from '../events/imports/read-csv.ts';
import type { Acceptor, Submitted } from './accept.ts';
import { closeRecord } from './control-records.ts';
import type { EventLog } from './ports.ts';

/** Events appended at a time; an import moves on when the log has acknowledged them. */
const CHUNK = 1_000;
const SHOWN_PROBLEMS = 100;
const ATTEMPTS = 5;
const GZIP_MAGIC = 0x1f8b;

export type Begun =
  | { readonly outcome: 'begun'; readonly done: number }
  | { readonly outcome: 'known'; readonly importId: string };

/** Which files were imported; two imports of one file never run side by side. */
export interface ImportRegistry {
  /** Takes the file for this import, or says which import has it. A failed import's place may be taken again. */
  begin(contentHash: string, importId: string): Promise<Begun>;
  /** Events that the log has taken so far; an interrupted import goes on behind them. */
  advance(contentHash: string, events: number): Promise<void>;
  finish(contentHash: string, importId: string): Promise<void>;
  fail(contentHash: string, importId: string): Promise<void>;
  /** How often the content was imported with force. */
  nextForced(contentHash: string): Promise<number>;
}

export interface ImportReport {
  readonly import_id: string;
  readonly rows: number;
  readonly events: number;
  readonly rejected: number;
  readonly errors: readonly RowProblem[];
}

export type ImportOutcome =
  | { readonly outcome: 'imported'; readonly report: ImportReport }
  | { readonly outcome: 'imported-before'; readonly importId: string };

/** The log stopped taking the import's events; the same file can be sent again and goes on in the same import. */
export class ImportInterrupted extends Error {
  readonly code = 'import-interrupted';
  readonly retryable = true;
}

export interface ImporterParts {
  readonly acceptor: Acceptor;
  readonly log: EventLog;
  readonly registry: ImportRegistry;
  readonly calendar: Calendar;
  readonly sleep: (ms: number) => Promise<void>;
}

export interface ImportOptions {
  readonly force: boolean;
  readonly onProgress?: (rows: number, bytes: number) => void;
}

interface Progress {
  readonly done: number;
  readonly advance: (events: number) => Promise<void>;
  readonly onProgress: ImportOptions['onProgress'] | undefined;
}

/** Brings a file of history in, in a lane of its own. */
export class Importer {
  private readonly parts: ImporterParts;

  constructor(parts: ImporterParts) {
    this.parts = parts;
  }

  /** @throws NotThisFormat, ImportInterrupted */
  async importFile(path: string, format: ImportFormat, { force, onProgress }: ImportOptions): Promise<ImportOutcome> {
    const { registry } = this.parts;
    const contentHash = await hashFile(path);
    const forced = force ? `-${await registry.nextForced(contentHash)}` : '';
    const importId = `imp-${contentHash.slice(0, 16)}${forced}`;
    let done = 0;
    if (!force) {
      const begun = await registry.begin(contentHash, importId);
      if (begun.outcome === 'known') return { outcome: 'imported-before', importId: begun.importId };
      done = begun.done;
    }
    const advance = async (events: number): Promise<void> =>
      force ? undefined : registry.advance(contentHash, events);
    try {
      const report = await this.run(path, format, importId, { done, advance, onProgress });
      if (!force) await registry.finish(contentHash, importId);
      return { outcome: 'imported', report };
    } catch (error) {
      if (!force) await registry.fail(contentHash, importId);
      throw error;
    }
  }

  private async run(
    path: string,
    format: ImportFormat,
    importId: string,
    { done, advance, onProgress }: Progress,
  ): Promise<ImportReport> {
    const tally = { rows: 0, events: 0, rejected: 0, errors: [] as RowProblem[] };
    const reject = (problem: RowProblem): void => {
      tally.rejected += 1;
      if (tally.errors.length < SHOWN_PROBLEMS) tally.errors.push(problem);
    };
    const { file, content } = await openFile(path);
    let seen = 0;
    let chunk: { readonly event: unknown; readonly line: number }[] = [];
    const flush = async (): Promise<void> => {
      // What an interrupted import has brought in before is not brought in again.
      const fresh = chunk.slice(Math.max(0, done - seen));
      seen += chunk.length;
      tally.events += chunk.length - fresh.length + (await this.append(fresh, importId, reject));
      chunk = [];
      await advance(seen);
      onProgress?.(tally.rows, file.bytesRead);
    };
    for await (const { rows, imported } of readCsv(content, format, {
      calendar: this.parts.calendar,
      fileId: importId,
    })) {
      tally.rows += rows;
      for (const one of imported) one.outcome === 'event' ? chunk.push(one) : reject(one.problem);
      if (chunk.length >= CHUNK) await flush();
    }
    await flush();
    await this.close(importId);
    return { import_id: importId, ...tally };
  }

  /** Appends until the log has taken all; gives up after some attempts. Returns how many events it took. */
  private async append(
    chunk: readonly { readonly event: unknown; readonly line: number }[],
    importId: string,
    reject: (problem: RowProblem) => void,
  ): Promise<number> {
    let left = chunk;
    for (let attempt = 0; left.length > 0; attempt++) {
      if (attempt === ATTEMPTS)
        throw new ImportInterrupted('the event log does not take the import now; send the file again later');
      if (attempt > 0) await this.parts.sleep(200 * 2 ** attempt);
      const submitted = left.map(({ event }): Submitted => ({ outcome: 'json', value: event }));
      const { rejected } = await this.parts.acceptor.accept(submitted, importId);
      const again: typeof chunk = rejected
        .filter(({ retryable }) => retryable)
        .flatMap(({ index }) => left[index] ?? []);
      for (const { index, path, message, retryable } of rejected) {
        if (!retryable) reject({ line: left[index]?.line ?? 0, column: path, message });
      }
      if (again.length === 0) return chunk.length - rejected.filter(({ retryable }) => !retryable).length;
      left = again;
    }
    return chunk.length;
  }

  /** The closing tick of the lane, in every partition of shop events. */
  private async close(importId: string): Promise<void> {
    const { log, sleep } = this.parts;
    let open = log.partitions;
    for (let attempt = 0; open.length > 0; attempt++) {
      if (attempt === ATTEMPTS)
        throw new ImportInterrupted('the import could not be closed; send the file again later');
      if (attempt > 0) await sleep(200 * 2 ** attempt);
      const outcomes = await log.append(open.map((partition) => closeRecord(partition, importId)));
      open = open.filter((_, i) => outcomes[i]?.outcome === 'failed');
    }
  }
}

/** A file's text, unpacked where it is gzip; so a file and its packed form are the same content. */
async function openFile(
  path: string,
): Promise<{ readonly file: { readonly bytesRead: number }; readonly content: Readable }> {
  const handle = await open(path);
  const { buffer } = await handle.read({ buffer: Buffer.alloc(2), position: 0 });
  await handle.close();
  const file = createReadStream(path);
  if (buffer.readUInt16BE() !== GZIP_MAGIC) return { file, content: file };
  const content = createGunzip();
  file.on('error', (error) => content.destroy(error));
  return { file, content: file.pipe(content) };
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  const { content } = await openFile(path);
  for await (const chunk of content) hash.update(chunk);
  return hash.digest('hex');
}
