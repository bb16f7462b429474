import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { Acceptor, Submitted } from '../ingestion/acceptor.ts';
import { closeRecord } from '../ingestion/control-records.ts';
import type { EventLog } from '../ingestion/ports/event-log.ts';
import { isRetryable } from '../runtime/errors.ts';
import { backoff, retry } from '../runtime/retry.ts';
import type { Calendar } from '../time/calendar.ts';
import { readCsv } from './csv.ts';
import type { ImportFormat, RowProblem } from './formats/format.ts';
import type { ClaimedImport, HeldImport, ImportRegistry } from './import-registry.ts';
import { ImportedLines } from './imported-lines.ts';

/** Events appended at a time; an import moves on when the log has acknowledged them. */
const CHUNK = 1_000;
const SHOWN_PROBLEMS = 100;
const ATTEMPTS = 5;
const FIRST_WAIT_MS = 400;
const GZIP_MAGIC = 0x1f8b;

export interface ImportReport {
  readonly import_id: string;
  readonly rows: number;
  readonly events: number;
  readonly rejected: number;
  readonly errors: readonly RowProblem[];
}

type ImportOutcome =
  | { readonly outcome: 'imported'; readonly report: ImportReport }
  | { readonly outcome: 'imported-before'; readonly importId: string }
  | { readonly outcome: 'import-running'; readonly importId: string };

/** The log stopped taking the import's events; the same file can be sent again and goes on in the same import. */
export class ImportInterrupted extends Error {
  readonly code = 'import-interrupted';
  readonly retryable = true;
}

interface ImporterParts {
  readonly acceptor: Acceptor;
  readonly log: EventLog;
  readonly registry: ImportRegistry;
  readonly calendar: Calendar;
  readonly sleep: (ms: number) => Promise<void>;
}

interface ImportOptions {
  readonly force: boolean;
  readonly onProgress?: (rows: number, bytes: number) => void;
}

type Chunk = readonly { readonly event: unknown; readonly line: number }[];

/** One import under way. */
interface Run {
  readonly path: string;
  readonly format: ImportFormat;
  readonly importId: string;
  /** What the log holds of it already. */
  readonly imported: ImportedLines;
  /** Without one nobody else can take it over, and it is not gone on with. */
  readonly held: HeldImport | undefined;
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
    const { registry, log } = this.parts;
    const contentHash = await hashFile(path);
    const forced = force ? `-${await registry.nextForced(contentHash)}` : '';
    const importId = `imp-${contentHash.slice(0, 16)}${forced}`;
    if (force) {
      const imported = new ImportedLines(log, importId, 0, await log.ends());
      const report = await this.run({ path, format, importId, imported, held: undefined, onProgress });
      return { outcome: 'imported', report };
    }
    const begun = await registry.begin(contentHash, importId);
    if (begun.outcome === 'running') return { outcome: 'import-running', importId: begun.importId };
    if (begun.outcome === 'done') return { outcome: 'imported-before', importId: begun.importId };
    const { held } = begun;
    try {
      const imported = await this.importedLines(importId, begun);
      const report = await this.run({ path, format, importId, imported, held, onProgress });
      await held.end('done');
      return { outcome: 'imported', report };
    } catch (error) {
      await held.end('failed');
      throw error;
    }
  }

  /** Behind what is known to be in the log there may be more, of an attempt that did not live to say so. */
  private async importedLines(importId: string, { held, line, from }: ClaimedImport): Promise<ImportedLines> {
    const { log } = this.parts;
    const begins = from ?? (await log.ends());
    const imported = new ImportedLines(log, importId, line, begins);
    if (from === undefined) await held.from(begins);
    else await imported.refresh();
    return imported;
  }

  private async run(run: Run): Promise<ImportReport> {
    const { importId, held } = run;
    const tally = { rows: 0, events: 0, rejected: 0, errors: [] as RowProblem[] };
    const reject = (problem: RowProblem): void => {
      tally.rejected += 1;
      if (tally.errors.length < SHOWN_PROBLEMS) tally.errors.push(problem);
    };
    const { file, content } = await openFile(run.path);
    let chunk: Chunk[number][] = [];
    const flush = async (): Promise<void> => {
      tally.events += await this.append(chunk, run, reject);
      const last = chunk.at(-1);
      chunk = [];
      if (last !== undefined) await held?.advance(last.line);
      run.onProgress?.(tally.rows, file.bytesRead);
    };
    for await (const { rows, imported } of readCsv(content, run.format, {
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

  /**
   * Appends until the log has taken all; gives up after some
   * attempts. Returns how many events the log has of the chunk.
   */
  private async append(chunk: Chunk, { importId, imported, held }: Run, reject: (problem: RowProblem) => void) {
    const isMissing = (one: Chunk[number]): boolean => !imported.has(one.line);
    let left = chunk.filter(isMissing);
    let taken = chunk.length;
    let tried = false;
    await this.untilTaken('the event log does not take the import now; send the file again later', async () => {
      if (left.length > 0 && held?.isLost()) throw new ImportInterrupted('another process goes on with this import');
      // Of what was not acknowledged some may have been taken.
      if (tried) await imported.refresh();
      tried = true;
      left = left.filter(isMissing);
      if (left.length === 0) return;
      const submitted = left.map(({ event }): Submitted => ({ outcome: 'json', value: event }));
      const { rejected } = await this.parts.acceptor.accept(submitted, importId);
      for (const { index, path, message, retryable } of rejected) {
        if (retryable) continue;
        taken -= 1;
        reject({ line: left[index]?.line ?? 0, column: path, message });
      }
      left = rejected.filter(({ retryable }) => retryable).flatMap(({ index }) => left[index] ?? []);
      if (left.length > 0) throw new NotTaken();
    });
    return taken;
  }

  /** The closing tick of the lane, in every partition of shop events. */
  private async close(importId: string): Promise<void> {
    const { log } = this.parts;
    let open = log.partitions;
    await this.untilTaken('the import could not be closed; send the file again later', async () => {
      const outcomes = await log.append(open.map((partition) => closeRecord(partition, importId)));
      open = open.filter((_, i) => outcomes[i]?.outcome === 'failed');
      if (open.length > 0) throw new NotTaken();
    });
  }

  /** @throws ImportInterrupted with this reason where the log has not taken all after some attempts */
  private async untilTaken(reason: string, work: () => Promise<void>): Promise<void> {
    const isWorthIt = (error: unknown): boolean => isRetryable(error) && !(error instanceof ImportInterrupted);
    const waitMs = (failures: number): number => backoff(failures, { firstMs: FIRST_WAIT_MS });
    try {
      await retry(work, { attempts: ATTEMPTS, waitMs, isWorthIt, sleep: this.parts.sleep });
    } catch (error) {
      throw isWorthIt(error) ? new ImportInterrupted(reason) : error;
    }
  }
}

/** The log has not acknowledged all that it was given. */
class NotTaken extends Error {
  readonly code = 'not-taken';
  readonly retryable = true;
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
