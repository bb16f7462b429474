import { rm } from 'node:fs/promises';
import type { ArchiveColumn } from '../columns.ts';
import type { ArchiveFile, ArchiveFiles, Held } from '../files.ts';
import { copyTo, type Sql } from '../sql.ts';

/** One kind of rows, in files of its own. */
export class TableFiles {
  readonly files: ArchiveFiles;
  readonly columns: readonly ArchiveColumn[];
  private readonly sql: Sql;
  private readonly onWritten: () => void;

  constructor(files: ArchiveFiles, columns: readonly ArchiveColumn[], sql: Sql, onWritten: () => void) {
    this.files = files;
    this.columns = columns;
    this.sql = sql;
    this.onWritten = onWritten;
  }

  /** Makes a file of rows and takes it in. @param over the file that is written anew */
  async make(rows: string, held: Held, over?: ArchiveFile): Promise<void> {
    const { files, columns, sql } = this;
    const made = await files.working(held);
    try {
      await sql.query(copyTo(rows, made, columns));
      this.onWritten();
      await (over === undefined ? files.place(made, held) : files.replace(made, over));
    } catch (error) {
      // Where the disk is full, what was begun would keep it so.
      await rm(made, { force: true });
      throw error;
    }
  }
}
