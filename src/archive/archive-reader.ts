import type { ArchiveFiles, Dates } from './files.ts';
import { archived } from './sql.ts';

/** What a query gave. */
export interface ArchiveTable {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  readonly isCut: boolean;
}

export interface ArchiveQueryOptions {
  readonly maxRows?: number;
  readonly signal?: AbortSignal;
  /** Somebody else's SQL: a single SELECT and nothing else. */
  readonly isForeign?: boolean;
}

/** Runs a query over archived files; DuckDB does, in a process of its own. */
export type RunQuery = (sql: string, options: ArchiveQueryOptions) => Promise<ArchiveTable>;

export interface ArchiveReaderParts {
  readonly files: ArchiveFiles;
  readonly run: RunQuery;
  /** Writes what waits, where this process archives. */
  readonly flush: () => Promise<void>;
  /** Was a file that was listed merged away before it was read? */
  readonly isStale: (error: unknown) => boolean;
}

/** The archive, to be asked. */
export type Archive = Pick<ArchiveReader, 'exists' | 'query'>;

/** Answers about the archive: of the files that count at the moment. */
export class ArchiveReader {
  private readonly parts: ArchiveReaderParts;

  constructor(parts: ArchiveReaderParts) {
    this.parts = parts;
  }

  async exists(): Promise<boolean> {
    await this.parts.flush();
    return (await this.parts.files.list()).length > 0;
  }

  /** @param sql made of the table to read from */
  async query(within: Dates, sql: (table: string) => string, options: ArchiveQueryOptions = {}): Promise<ArchiveTable> {
    await this.parts.flush();
    try {
      return await this.parts.run(sql(await this.table(within)), options);
    } catch (error) {
      if (!this.parts.isStale(error)) throw error;
      return this.parts.run(sql(await this.table(within)), options);
    }
  }

  private async table(within: Dates): Promise<string> {
    const { files } = this.parts;
    return archived((await files.list(within)).map((file) => files.absolute(file)));
  }
}
