import { randomUUID } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { hasCode } from '../runtime/private-dir.ts';
import { type ArchiveColumn, COLUMNS, CONTROL_COLUMNS } from './columns.ts';
import { CONTROL, ERASE } from './counted-rows.ts';
import { type ArchiveFile, type ArchiveFiles, nameOf } from './files.ts';
import { archived, copyTo, erasedNameOf, quoted, type Sql, waitingRows } from './sql.ts';

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

export type WritePoint = 'written' | 'placed' | 'control-placed' | 'done' | 'erased' | 'merged' | 'parts-removed';

const TABLE = 'waiting';
const IS_EVENT = `outcome NOT IN (${quoted(ERASE)}, ${quoted(CONTROL)})`;
/** Of a day that goes on. */
const MANY_FILES = 60;

/** One kind of rows, in files of its own. */
interface Table {
  readonly files: ArchiveFiles;
  readonly columns: readonly ArchiveColumn[];
}

/** Writes and rewrites the archive's Parquet files. One call at a time. Whatever is done twice gives the same. */
export class ParquetWriter {
  private readonly parts: WriterParts;
  private readonly events: Table;
  private readonly control: Table;

  constructor(parts: WriterParts) {
    this.parts = parts;
    this.events = { files: parts.files, columns: COLUMNS };
    this.control = { files: parts.files.control, columns: CONTROL_COLUMNS };
  }

  /**
   * A file for each local date of events; one of the records that are none, which says that all before its end is written; then the erasures
   * that stand among the rows.
   * @returns whether all of it is written
   */
  async write(segment: Segment, isEnough = (): boolean => false): Promise<boolean> {
    const { sql, onReached } = this.parts;
    await sql.query(`CREATE OR REPLACE TABLE ${TABLE} AS ${waitingRows(segment.path, segment.log, segment.partition)}`);
    const { rows: dates } = await sql.query(
      `SELECT CAST(date AS VARCHAR) AS date, bool_or(${IS_EVENT}) AS "hasEvents" FROM ${TABLE} GROUP BY date ORDER BY date`,
    );
    for (const { date, hasEvents } of dates) {
      if (isEnough()) return false;
      if (hasEvents !== true) continue;
      const file = { ...segment, date: String(date) };
      await this.make(this.events, `SELECT * FROM ${TABLE} WHERE ${IS_EVENT} AND date = ${quoted(file.date)}`, file);
      onReached?.('placed');
    }
    const { rows: erasures } = await sql.query(
      `SELECT visitor, max(position) AS position FROM ${TABLE} WHERE outcome = ${quoted(ERASE)} GROUP BY visitor`,
    );
    const secret = erasures.length === 0 ? '' : await secretOf(segment);
    // It goes when the last of its events does.
    const last = { ...segment, date: String(dates.at(-1)?.['date']) };
    await this.make(this.control, controlRows(secret), last);
    onReached?.('control-placed');
    for (const { visitor, position } of erasures) {
      await this.erase(segment, String(visitor), Number(position), secret);
      onReached?.('erased');
    }
    await sql.query(`DROP TABLE ${TABLE}`);
    await rm(segment.path, { force: true });
    await rm(secretPathOf(segment.path), { force: true });
    onReached?.('done');
    return true;
  }

  /**
   * The visitor's rows stay, so that counts stay what they were, but nobody can say whose they are: names and ids become others
   * that are made of a number that nobody keeps.
   */
  private async erase(segment: Segment, visitor: string, before: number, secret: string): Promise<void> {
    const isTheirs = `visitor = ${quoted(visitor)} AND position < ${before}`;
    const other = (name: string): string =>
      `CASE WHEN ${isTheirs} THEN ${erasedNameOf(secret, `"${name}"`)} ELSE "${name}" END AS "${name}"`;
    const names = ['visitor', 'session_id', 'event_id', 'transaction_id'].map(other).join(', ');
    await this.rewrite(this.events, segment, isTheirs, names);
    const told = quoted(JSON.stringify(visitor));
    const isTold = `contains(record, ${told}) AND position < ${before}`;
    const record = `replace(record, ${told}, '"' || ${erasedNameOf(secret, quoted(visitor))} || '"')`;
    await this.rewrite(this.control, segment, isTold, `CASE WHEN ${isTold} THEN ${record} ELSE record END AS record`);
  }

  /** Writes those files of the partition anew that have such rows. */
  private async rewrite(table: Table, { partition, log }: Segment, isMeant: string, changed: string): Promise<void> {
    const own = (await table.files.list()).filter((file) => file.partition === partition && file.log === log);
    for (const file of own) {
      const rows = archived([table.files.absolute(file)], table.columns);
      const { rows: found } = await this.parts.sql.query(`SELECT 1 FROM (${rows}) WHERE ${isMeant} LIMIT 1`);
      if (found.length > 0) await this.make(table, `SELECT * REPLACE (${changed}) FROM (${rows})`, file);
    }
  }

  /** Merges the files of each date and partition: of dates that are over always, of others where they are many. */
  async merge(today: string, isEnough = (): boolean => false): Promise<void> {
    await this.removeStale();
    for (const table of [this.events, this.control]) {
      const groups = new Map<string, ArchiveFile[]>();
      for (const file of await table.files.list()) {
        const group = `${file.date} ${file.partition} ${file.log}`;
        groups.set(group, [...(groups.get(group) ?? []), file]);
      }
      for (const group of groups.values()) {
        if (isEnough()) return;
        const isOver = (group[0]?.date ?? today) < today;
        if (group.length >= (isOver ? 2 : MANY_FILES)) await this.mergeInto(table, group);
      }
    }
  }

  private async mergeInto(table: Table, group: readonly ArchiveFile[]): Promise<void> {
    const { files, columns } = table;
    const { onReached } = this.parts;
    const [first, last] = [group[0], group.at(-1)];
    if (first === undefined || last === undefined) return;
    const parts = group.map((file) => files.absolute(file));
    await this.make(table, archived(parts, columns), { ...first, to: last.to });
    onReached?.('merged');
    for (const file of group) await files.remove(file);
    onReached?.('parts-removed');
  }

  /** What a merge that was cut off has left. */
  async removeStale(): Promise<void> {
    for (const { files } of [this.events, this.control])
      for (const file of await files.stale()) await files.remove(file);
    await this.events.files.clean();
  }

  private async make({ files, columns }: Table, rows: string, file: ArchiveFile): Promise<void> {
    const { sql, onReached } = this.parts;
    const made = await files.working(`${file.date}-${file.partition}-${nameOf(file)}`);
    try {
      await sql.query(copyTo(rows, made, columns));
    } catch (error) {
      // Where the disk is full, what was begun would keep it so.
      await rm(made, { force: true });
      throw error;
    }
    onReached?.('written');
    await files.place(made, file);
  }
}

/** Records that are no events. An erasure names whom it erases as that visitor's rows do from then on. */
function controlRows(secret: string): string {
  const erasure = `CAST(json_object('control', 'erase', 'user_id', ${erasedNameOf(secret, 'visitor')}) AS VARCHAR)`;
  const record = `CASE WHEN outcome = ${quoted(ERASE)} THEN ${erasure} ELSE record END AS record`;
  return `SELECT * REPLACE (${record}) FROM ${TABLE} WHERE NOT (${IS_EVENT})`;
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
