import type { Acceptor } from '../ingestion/acceptor.ts';
import { closeRecord } from '../ingestion/control-records.ts';
import type { EventLog } from '../ingestion/ports/event-log.ts';
import { messageOf } from '../runtime/errors.ts';
import type { Calendar } from '../time/calendar.ts';
import { type CsvFile, openCsv } from './csv.ts';
import type { Erasures } from './erasures.ts';
import { type InspectedFile, inspectFile } from './file.ts';
import type { Imported, ImportFormat, Repair, RowProblem, RowReader } from './formats/format.ts';
import type { ImportJournal, JournaledImport } from './import-journal.ts';
import type { ClaimedImport, HeldImport, ImportRegistry } from './import-registry.ts';
import { type ImportReport, Tally } from './import-report.ts';
import { ImportedLines } from './imported-lines.ts';
import { ImportInterrupted } from './problems.ts';
import { UnlessErased } from './unless-erased.ts';
import { NotTaken, untilTaken } from './until-taken.ts';

export type ImportOutcome =
  | { readonly outcome: 'imported'; readonly report: ImportReport }
  | { readonly outcome: 'imported-before'; readonly importId: string }
  | { readonly outcome: 'import-running'; readonly importId: string }
  | { readonly outcome: 'import-taking-back'; readonly importId: string };

interface ImporterParts {
  readonly acceptor: Acceptor;
  readonly log: EventLog;
  readonly registry: ImportRegistry;
  readonly journal: ImportJournal;
  readonly erasures: Erasures;
  readonly calendar: Calendar;
  /** Most bytes that a file may hold, unpacked. */
  readonly maxBytes: number;
  readonly sleep: (ms: number) => Promise<void>;
  /** So many events are appended at a time; an import moves on when the log has acknowledged them. Tests have fewer. */
  readonly chunkEvents?: number;
}

interface ImportOptions {
  readonly force: boolean;
  /** Where erasures stood when the file began to come; where absent, now. */
  readonly erasedSince?: string;
  /** Called when the file was checked, and at every thousand events from then on. */
  readonly onProgress?: (rows: number, of: number) => void;
}

type Chunk = readonly Extract<Imported, { outcome: 'event' }>[];

/** One import under way. */
interface Run {
  readonly importId: string;
  /** What the log holds of it already. */
  readonly imported: ImportedLines;
  /** Without one nobody else can take it over, and it is not gone on with. */
  readonly held: HeldImport | undefined;
  readonly taking: UnlessErased;
}

/** Finds out what the log holds of an import already, and writes down where it began. */
type FindImported = (entry: JournaledImport) => Promise<ImportedLines>;

/** A file that was checked as a whole, and may be counted. */
interface CheckedFile {
  readonly csv: CsvFile;
  readonly reader: RowReader;
  readonly rows: number;
  readonly repairs: readonly Repair[];
}

/** Brings a file of history in, in a lane of its own. */
export class Importer {
  private readonly parts: ImporterParts;

  constructor(parts: ImporterParts) {
    this.parts = parts;
  }

  /** Nothing is counted of a file that does not hold together. @throws NotThisFormat, BrokenFile, FileTooLarge, ImportInterrupted */
  async importFile(path: string, format: ImportFormat, options: ImportOptions): Promise<ImportOutcome> {
    const { registry, log, maxBytes } = this.parts;
    const file = await inspectFile(path, maxBytes);
    const { contentHash } = file;
    const number = await (options.force ? registry.nextForced(contentHash) : registry.numberOf(contentHash));
    const importId = `imp-${contentHash.slice(0, 16)}${number === 0 ? '' : `-${number}`}`;
    if (options.force) {
      const imported: FindImported = async (entry) => {
        const begins = await log.ends();
        await entry.begins(begins);
        return new ImportedLines(log, importId, 0, begins);
      };
      const report = await this.journaled(file, format, options, { importId, imported, held: undefined });
      return { outcome: 'imported', report };
    }
    const begun = await registry.begin(contentHash, importId);
    if (begun.outcome === 'running') return { outcome: 'import-running', importId: begun.importId };
    if (begun.outcome === 'done') return { outcome: 'imported-before', importId: begun.importId };
    if (begun.outcome === 'taking-back') return { outcome: 'import-taking-back', importId: begun.importId };
    const { held } = begun;
    try {
      const imported: FindImported = (entry) => this.importedLines(importId, begun, entry);
      const report = await this.journaled(file, format, options, { importId, imported, held });
      await held.end('done');
      return { outcome: 'imported', report };
    } catch (error) {
      await held.end('failed');
      throw error;
    }
  }

  private async journaled(
    file: InspectedFile,
    format: ImportFormat,
    { onProgress, erasedSince }: ImportOptions,
    { importId, imported, held }: Pick<Run, 'importId' | 'held'> & { readonly imported: FindImported },
  ): Promise<ImportReport> {
    const { journal, erasures } = this.parts;
    const taking = new UnlessErased(this.parts, erasedSince ?? (await erasures.place()));
    const entry = await journal.begin(importId, format.name);
    try {
      const checked = await this.check(file, format, importId);
      const tell = (rows: number): void => {
        entry.progress(rows, checked.rows);
        onProgress?.(rows, checked.rows);
      };
      tell(0);
      const report = await this.run({ importId, imported: await imported(entry), held, taking }, checked, tell);
      await entry.done(report);
      return report;
    } catch (error) {
      await fail(entry, error);
      throw error;
    }
  }

  /** Reads all of it before any of it is counted. @throws NotThisFormat, BrokenFile */
  private async check(file: InspectedFile, format: ImportFormat, fileId: string): Promise<CheckedFile> {
    const csv = await openCsv(file, format);
    const { calendar } = this.parts;
    const reader = format.open({ calendar, fileId, decimalComma: csv.delimiter === ';' });
    let rows = 0;
    for await (const row of csv.rows()) {
      rows += 1;
      if ('fields' in row) reader.survey?.(row);
    }
    return { csv, reader, rows, repairs: [...csv.repairs, ...(reader.repairs?.() ?? [])] };
  }

  /** Behind what is known to be in the log there may be more, of an attempt that did not live to say so. */
  private async importedLines(importId: string, { held, line, from }: ClaimedImport, entry: JournaledImport) {
    const { log } = this.parts;
    const begins = from ?? (await log.ends());
    await entry.begins(begins);
    const imported = new ImportedLines(log, importId, line, begins);
    if (from === undefined) await held.from(begins);
    else await imported.refresh();
    return imported;
  }

  private async run(run: Run, { csv, reader, repairs }: CheckedFile, tell: (rows: number) => void) {
    const { importId, held } = run;
    const { chunkEvents = 1_000 } = this.parts;
    const tally = new Tally();
    let chunk: Chunk[number][] = [];
    const flush = async (): Promise<void> => {
      tally.events += await this.append(chunk, run, (problem) => tally.reject(problem));
      const last = chunk.at(-1);
      chunk = [];
      if (last !== undefined) await held?.advance(last.line);
      tell(tally.rows);
    };
    for await (const row of csv.rows()) {
      tally.rows += 1;
      if ('fields' in row) {
        for (const one of reader.read(row)) {
          if (one.outcome === 'event') {
            chunk.push(one);
            tally.hold(one.event);
          } else tally.reject(one.problem);
        }
      } else tally.reject(row);
      if (chunk.length >= chunkEvents) await flush();
    }
    await flush();
    await this.close(importId);
    return tally.report(importId, repairs, this.parts.calendar);
  }

  /**
   * Appends until the log has taken all; gives up after some
   * attempts. Returns how many events the log has of the chunk.
   */
  private async append(chunk: Chunk, { importId, imported, held, taking }: Run, reject: (problem: RowProblem) => void) {
    const isMissing = ({ line, event }: Chunk[number]): boolean => !imported.has(line, event.event_id);
    let left = chunk.filter(isMissing);
    let taken = chunk.length;
    let tried = false;
    await untilTaken(
      this.parts.sleep,
      'the event log does not take the import now; send the file again later',
      async () => {
        if (left.length > 0 && held?.isLost()) throw new ImportInterrupted('another process goes on with this import');
        // Of what was not acknowledged some may have been taken.
        if (tried) await imported.refresh();
        tried = true;
        left = left.filter(isMissing);
        if (left.length === 0) return;
        const events = left.map(({ event }) => event);
        const { rejected } = await taking.accept(events, importId);
        for (const { index, path, message, retryable } of rejected) {
          if (retryable) continue;
          taken -= 1;
          reject({ line: left[index]?.line ?? 0, column: path, message });
        }
        left = rejected.filter(({ retryable }) => retryable).flatMap(({ index }) => left[index] ?? []);
        if (left.length > 0) throw new NotTaken();
      },
    );
    await untilTaken(
      this.parts.sleep,
      'who was erased meanwhile could not be erased again; erase them once more',
      async () => {
        if (!(await taking.eraseLate())) throw new NotTaken();
      },
    );
    return taken;
  }

  /** The closing tick of the lane, in every partition of shop events. */
  private async close(importId: string): Promise<void> {
    const { log } = this.parts;
    let open = log.partitions;
    await untilTaken(this.parts.sleep, 'the import could not be closed; send the file again later', async () => {
      const outcomes = await log.append(open.map((partition) => closeRecord(partition, importId)));
      open = open.filter((_, i) => outcomes[i]?.outcome === 'failed');
      if (open.length > 0) throw new NotTaken();
    });
  }
}

async function fail(entry: JournaledImport, error: unknown): Promise<void> {
  // That it failed is said to whoever waits for it; the journal only keeps it.
  await entry.failed(messageOf(error)).catch(() => undefined);
}
