import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { withTimeout } from '../runtime/with-timeout.ts';
import { CONTROL_COLUMNS } from './columns.ts';
import { type ArchiveFiles, groupedBy, onChange } from './files.ts';
import { missingOf } from './parquet/ranges.ts';
import { ArchiveAway, QueryFailed } from './query-problems.ts';
import { archived, type ExportFormat, exportTo, withoutTakenBack } from './sql.ts';
import type { Dates } from './store.ts';

/** Who asks again and again is answered from what was written just before. */
const FLUSH_REST_MS = 500;

/** What a query gave. */
export interface ArchiveTable {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  readonly isCut: boolean;
}

export interface ArchiveQueryOptions {
  readonly maxRows?: number;
  readonly signal?: AbortSignal;
}

/** Runs a query over archived files; DuckDB does, in a process of its own. */
export type RunQuery = (
  sql: string,
  /** With the table `events` the SQL is somebody else's: a single SELECT, of which nothing else is in reach. */
  options: ArchiveQueryOptions & { readonly foreignTable?: string },
) => Promise<ArchiveTable>;

export interface ArchiveReaderParts {
  readonly files: ArchiveFiles;
  readonly run: RunQuery;
  /** Writes what waits, where this process archives. */
  readonly flush: () => Promise<void>;
  readonly now: () => number;
  /** How long the files that a question needs may take to be here. */
  readonly timeoutMs: number;
  /** Was a file that was listed merged away before it was read? */
  readonly isStale: (error: unknown) => boolean;
}

export interface Missing {
  readonly log: string;
  readonly partition: string;
  readonly from: number;
  /** Behind the last. */
  readonly to: number;
}

/** DuckDB shows where in the SQL it failed, which may name a visitor: nothing of that is for a log. */
const withoutSql = (message: string): string => message.split(/\n+(?=LINE \d+:)/)[0] ?? '';

/** The archive, to be asked. */
export type Archive = Pick<
  ArchiveReader,
  'begins' | 'exists' | 'missing' | 'query' | 'select' | 'upToNow' | 'writeExport'
>;

/** Answers about the archive: of the files that count at the moment. */
export class ArchiveReader {
  private readonly parts: ArchiveReaderParts;
  private flushedAtMs = Number.NEGATIVE_INFINITY;

  constructor(parts: ArchiveReaderParts) {
    this.parts = parts;
  }

  /** The first date of which there is something. */
  async begins(): Promise<string | undefined> {
    return (await this.soon(this.parts.files.list()))[0]?.date;
  }

  /** Positions that lie between others and of which there are no rows. */
  async missing(): Promise<Missing[]> {
    const written = await this.soon(this.parts.files.control.list());
    return groupedBy(written, ({ log, partition }) => `${partition} ${log}`).flatMap((files) => {
      const [{ log = '', partition = '' } = {}] = files;
      const all = { from: Math.min(...files.map(({ from }) => from)), to: Math.max(...files.map(({ to }) => to)) };
      return missingOf(all, files).map((range) => ({ log, partition, ...range }));
    });
  }

  async exists(): Promise<boolean> {
    await this.flush();
    return (await this.soon(this.parts.files.list())).length > 0;
  }

  /**
   * @param sql made of the table to read from, and of that of the records that are no events; a fault in it is ours
   * @throws QueryFailed where it takes more memory than it may, QueryTimeout, QueryCancelled
   */
  async query(
    within: Dates,
    sql: (table: string, control: string) => string,
    options: ArchiveQueryOptions = {},
  ): Promise<ArchiveTable> {
    try {
      return await this.onFiles(within, options, (table, control) => this.parts.run(sql(table, control), options));
    } catch (error) {
      if (error instanceof QueryFailed && !error.message.includes('Out of Memory'))
        throw new Error(`a query to the archive failed: ${withoutSql(error.message)}`);
      throw error;
    }
  }

  /** Runs somebody else's SQL, which finds the archive as the table `events`. */
  select(sql: string, options: ArchiveQueryOptions): Promise<ArchiveTable> {
    return this.onFiles({}, options, (foreignTable) => this.parts.run(sql, { ...options, foreignTable }));
  }

  /** @returns where the file lies, which whoever asked has to remove */
  async writeExport(within: Dates, format: ExportFormat, signal: AbortSignal): Promise<string> {
    const path = await this.parts.files.store.working(`export-${randomUUID()}.${format}`);
    try {
      await this.query(within, (table) => exportTo(table, path, format), { signal });
      return path;
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    }
  }

  private async onFiles(
    within: Dates,
    { signal }: ArchiveQueryOptions,
    run: (table: string, control: string) => Promise<ArchiveTable>,
  ): Promise<ArchiveTable> {
    await this.flush();
    const { files, isStale, timeoutMs } = this.parts;
    return onChange(async () => {
      const events = await this.soon(files.list(within));
      // What is said of events may have been said on any date since; it is written under the date of the last event beside it.
      const since = within.from === undefined ? {} : { from: within.from };
      const control = await this.soon(files.control.list(since));
      const late = AbortSignal.timeout(timeoutMs);
      return files.read(
        [...events, ...control],
        (sourceOf) => {
          const table = archived(events.map(sourceOf));
          const told = archived(control.map(sourceOf), CONTROL_COLUMNS);
          return run(control.length === 0 ? table : withoutTakenBack(table, told), told);
        },
        signal === undefined ? late : AbortSignal.any([late, signal]),
      );
    }, isStale);
  }

  private soon<T>(work: Promise<T>): Promise<T> {
    const { timeoutMs } = this.parts;
    return withTimeout(timeoutMs, work, () => {
      throw new ArchiveAway(`the archive did not answer within ${timeoutMs / 1_000} s`);
    });
  }

  /** Behind it all that is counted by now can be asked, for whoever compares it with the answers. */
  upToNow(): Promise<void> {
    return this.flush(0);
  }

  private async flush(restMs = FLUSH_REST_MS): Promise<void> {
    const { flush, now } = this.parts;
    if (now() - this.flushedAtMs < restMs) return;
    this.flushedAtMs = now();
    await this.soon(flush());
  }
}
