import { randomUUID } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { hasCode } from '../runtime/private-dir.ts';
import { ERASE } from './counted-rows.ts';
import { type ArchiveFile, type ArchiveFiles, nameOf } from './files.ts';
import { archived, copyTo, quoted, type Sql, waitingRows } from './sql.ts';

/** Rows of one partition that wait to be written, one behind the other. */
export interface Segment {
  readonly path: string;
  readonly partition: string;
  readonly log: string;
  readonly from: number;
  readonly to: number;
}

export interface WriterParts {
  readonly files: ArchiveFiles;
  readonly sql: Sql;
  /** Told what has just been done; tests end the process there. */
  readonly onReached?: (point: WritePoint) => void;
}

export type WritePoint = 'written' | 'placed' | 'done' | 'erased' | 'merged' | 'parts-removed';

const TABLE = 'waiting';
/** Of a day that goes on. */
const MANY_FILES = 60;

/** Writes and rewrites the archive's Parquet files. One call at a time. Whatever is done twice gives the same. */
export class ParquetWriter {
  private readonly parts: WriterParts;

  constructor(parts: WriterParts) {
    this.parts = parts;
  }

  /** A file for each local date; then the erasures that stand among the rows. */
  async write(segment: Segment, isEnough = (): boolean => false): Promise<boolean> {
    const { sql } = this.parts;
    await sql.query(`CREATE OR REPLACE TABLE ${TABLE} AS ${waitingRows(segment.path, segment.log, segment.partition)}`);
    const isEvent = `outcome <> ${quoted(ERASE)}`;
    const { rows: dates } = await sql.query(
      `SELECT DISTINCT CAST(date AS VARCHAR) AS date FROM ${TABLE} WHERE ${isEvent} ORDER BY 1`,
    );
    for (const { date } of dates) {
      if (isEnough()) return false;
      const file = { ...segment, date: String(date) };
      await this.make(`SELECT * FROM ${TABLE} WHERE ${isEvent} AND date = ${quoted(file.date)}`, file);
      this.parts.onReached?.('placed');
    }
    const { rows: erasures } = await sql.query(
      `SELECT visitor, max(position) AS position FROM ${TABLE} WHERE outcome = ${quoted(ERASE)} GROUP BY visitor`,
    );
    for (const { visitor, position } of erasures) {
      await this.erase(segment, String(visitor), Number(position), await secretOf(segment));
      this.parts.onReached?.('erased');
    }
    await sql.query(`DROP TABLE ${TABLE}`);
    await rm(segment.path, { force: true });
    await rm(secretPathOf(segment.path), { force: true });
    this.parts.onReached?.('done');
    return true;
  }

  /**
   * The visitor's rows stay, so that counts stay what they were, but nobody can say whose they are: names and ids become others
   * that are made of a number that nobody keeps.
   */
  private async erase({ partition, log }: Segment, visitor: string, before: number, secret: string): Promise<void> {
    const { files, sql } = this.parts;
    const own = (await files.list()).filter((file) => file.partition === partition && file.log === log);
    const isTheirs = `visitor = ${quoted(visitor)} AND position < ${before}`;
    const other = (name: string): string =>
      `CASE WHEN ${isTheirs} THEN md5(${quoted(secret)} || "${name}") ELSE "${name}" END AS "${name}"`;
    const names = ['visitor', 'session_id', 'event_id', 'transaction_id'].map(other).join(', ');
    for (const file of own) {
      const rows = archived([files.absolute(file)]);
      const { rows: found } = await sql.query(`SELECT 1 FROM (${rows}) WHERE ${isTheirs} LIMIT 1`);
      if (found.length > 0) await this.make(`SELECT * REPLACE (${names}) FROM (${rows})`, file);
    }
  }

  /** Merges the files of each date and partition: of dates that are over always, of others where they are many. */
  async merge(today: string, isEnough = (): boolean => false): Promise<void> {
    await this.removeStale();
    const groups = new Map<string, ArchiveFile[]>();
    for (const file of await this.parts.files.list()) {
      const group = `${file.date} ${file.partition} ${file.log}`;
      groups.set(group, [...(groups.get(group) ?? []), file]);
    }
    for (const group of groups.values()) {
      if (isEnough()) return;
      const isOver = (group[0]?.date ?? today) < today;
      if (group.length >= (isOver ? 2 : MANY_FILES)) await this.mergeInto(group);
    }
  }

  private async mergeInto(group: readonly ArchiveFile[]): Promise<void> {
    const { files, onReached } = this.parts;
    const [first, last] = [group[0], group.at(-1)];
    if (first === undefined || last === undefined) return;
    await this.make(archived(group.map((file) => files.absolute(file))), { ...first, to: last.to });
    onReached?.('merged');
    for (const file of group) await files.remove(file);
    onReached?.('parts-removed');
  }

  /** What a merge that was cut off has left. */
  async removeStale(): Promise<void> {
    const { files } = this.parts;
    for (const file of await files.stale()) await files.remove(file);
    await files.clean();
  }

  private async make(rows: string, file: ArchiveFile): Promise<void> {
    const { files, sql, onReached } = this.parts;
    const made = await files.working(`${file.date}-${file.partition}-${nameOf(file)}`);
    try {
      await sql.query(copyTo(rows, made));
    } catch (error) {
      // Where the disk is full, what was begun would keep it so.
      await rm(made, { force: true });
      throw error;
    }
    onReached?.('written');
    await files.place(made, file);
  }
}

/** Beside a waiting file in which erasures stand, until it is written. */
export const secretPathOf = (path: string): string => `${path}.secret`;

/** Of what the names of erased visitors are made: an erasure that was cut off goes on with the same, and then nobody has it. */
async function secretOf({ path }: Segment): Promise<string> {
  const secretPath = secretPathOf(path);
  try {
    return await readFile(secretPath, 'utf8');
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
    const secret = randomUUID();
    await writeFile(secretPath, secret, { mode: 0o600, flush: true });
    return secret;
  }
}
