import { randomUUID } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { hasCode } from '../runtime/private-dir.ts';
import { COLUMNS, CONTROL_COLUMNS } from './columns.ts';
import { CONTROL, ERASE } from './counted-rows.ts';
import type { ArchiveFile, ArchiveFiles, Held } from './files.ts';
import { mergeAll, removeStale } from './parquet/merging.ts';
import { missingOf, type Range } from './parquet/ranges.ts';
import { TableFiles } from './parquet/table-files.ts';
import { archived, erasedNameOf, IS_OF_CART, IS_OF_SESSION, inRecord, quoted, type Sql, waitingRows } from './sql.ts';
import { FileChanged } from './store.ts';

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
  /** Was a file that was listed removed before it was read? */
  readonly isStale?: (error: unknown) => boolean;
}

export type WritePoint = 'written' | 'placed' | 'control-placed' | 'done' | 'erased' | 'merged' | 'parts-removed';

const TABLE = 'waiting';
const IS_EVENT = `outcome NOT IN (${quoted(ERASE)}, ${quoted(CONTROL)})`;
/** So often files are looked through for somebody while others write them anew. */
const MOST_PASSES = 10;

const ANY = (_partition: string): boolean => true;

/** Writes and rewrites the archive's Parquet files. One call at a time. Whatever is done twice gives the same. */
export class ParquetWriter {
  private readonly parts: WriterParts;
  private readonly events: TableFiles;
  private readonly control: TableFiles;

  constructor(parts: WriterParts) {
    this.parts = parts;
    const onWritten = (): void => parts.onReached?.('written');
    this.events = new TableFiles(parts.files, COLUMNS, parts.sql, onWritten);
    this.control = new TableFiles(parts.files.control, CONTROL_COLUMNS, parts.sql, onWritten);
  }

  /**
   * What of it is not written yet; then the erasures that stand among the rows.
   * @returns whether all of it is written
   */
  async write(segment: Segment, isEnough = (): boolean => false): Promise<boolean> {
    const { sql, onReached } = this.parts;
    await sql.query(`CREATE OR REPLACE TABLE ${TABLE} AS ${waitingRows(segment.path, segment.log, segment.partition)}`);
    const { rows: erasures } = await sql.query(
      `SELECT visitor, position FROM ${TABLE} WHERE outcome = ${quoted(ERASE)} ORDER BY position`,
    );
    const secret = erasures.length === 0 ? '' : await secretOf(segment);
    for (const piece of missingOf(segment, await this.writtenOf(segment)))
      if (!(await this.writePiece(segment, piece, secret, isEnough))) return false;
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

  /** A file for each local date of events; then one of the records that are none, which says that all of the piece is written. */
  private async writePiece(segment: Segment, piece: Range, secret: string, isEnough: () => boolean): Promise<boolean> {
    const { sql, onReached } = this.parts;
    const within = `position >= ${piece.from} AND position < ${piece.to}`;
    const { rows: dates } = await sql.query(
      `SELECT CAST(date AS VARCHAR) AS date, bool_or(${IS_EVENT}) AS "hasEvents" FROM ${TABLE} WHERE ${within} GROUP BY date ORDER BY date`,
    );
    const heldOf = (date: unknown): Held => ({ ...segment, ...piece, date: String(date) });
    for (const { date, hasEvents } of dates) {
      if (isEnough()) return false;
      if (hasEvents !== true) continue;
      const held = heldOf(date);
      const rows = `SELECT * FROM ${TABLE} WHERE ${IS_EVENT} AND date = ${quoted(held.date)} AND ${within}`;
      await this.events.make(rows, held);
      onReached?.('placed');
    }
    const last = dates.at(-1);
    if (last === undefined) return true;
    // It goes when the last of its events does.
    await this.control.make(controlRows(secret, within), heldOf(last['date']));
    onReached?.('control-placed');
    return true;
  }

  /** The positions of a partition that are written, whatever was counted there. */
  private async writtenOf({ partition, log }: Pick<Segment, 'partition' | 'log'>): Promise<Range[]> {
    const files = await this.control.files.list();
    return files.filter((file) => file.partition === partition && file.log === log);
  }

  /**
   * The visitor's rows stay, so that counts stay what they were, but nobody can say whose they are: names and ids become others
   * that are made of a number that nobody keeps.
   */
  private async erase(segment: Segment, visitor: string, before: number, secret: string): Promise<void> {
    const isTheirs = `visitor = ${quoted(visitor)} AND position < ${before}`;
    const other = (name: string, of: string = secret): string =>
      `CASE WHEN ${isTheirs} THEN ${erasedNameOf(of, `"${name}"`)} ELSE "${name}" END AS "${name}"`;
    const ids = ['session_id', 'event_id', 'transaction_id', 'cart'].map((name) => other(name));
    const names = [other('visitor', secretAt(secret, before)), ...ids].join(', ');
    await this.rewrite(this.events, segment, isTheirs, names);
    const told = quoted(JSON.stringify(visitor));
    // What became of their carts by the erasure itself stands at its place.
    const isTold = `contains(record, ${told}) AND (position < ${before} OR (position = ${before} AND ${IS_OF_CART}))`;
    const record = withErased(
      secret,
      visitor,
      `replace(record, ${told}, '"' || ${erasedNameOf(secretAt(secret, before), quoted(visitor))} || '"')`,
    );
    await this.rewrite(this.control, segment, isTold, `CASE WHEN ${isTold} THEN ${record} ELSE record END AS record`);
  }

  /**
   * Writes those files of the partition anew that have such rows, until there is none that nobody has looked through: others may have merged
   * some meanwhile.
   */
  private async rewrite(
    table: TableFiles,
    { partition, log }: Segment,
    isMeant: string,
    changed: string,
  ): Promise<void> {
    const clean = new Set<string>();
    const keyOf = ({ path, version }: ArchiveFile): string => `${path} ${version}`;
    for (let pass = 0; pass < MOST_PASSES; pass++) {
      const own = (await table.files.all()).filter((file) => file.partition === partition && file.log === log);
      const left = own.filter((file) => !clean.has(keyOf(file)));
      if (left.length === 0) return;
      for (const file of left) {
        try {
          await this.rewriteOne(table, file, isMeant, changed);
          clean.add(keyOf(file));
        } catch (error) {
          if (!this.isStale(error)) throw error;
        }
      }
    }
    throw new FileChanged(`files of ${partition} change all the time; somebody who is to be erased waits`);
  }

  private async rewriteOne(table: TableFiles, file: ArchiveFile, isMeant: string, changed: string): Promise<void> {
    await table.files.read([file], async (sourceOf) => {
      // All of its rows, also those that count in another file.
      const rows = archived([{ path: sourceOf(file).path }], table.columns);
      const { rows: found } = await this.parts.sql.query(`SELECT 1 FROM (${rows}) WHERE ${isMeant} LIMIT 1`);
      if (found.length > 0) await table.make(`SELECT * REPLACE (${changed}) FROM (${rows})`, file, file);
    });
  }

  /** @param isOurs of which partitions this process merges the files */
  merge(today: string, isEnough = (): boolean => false, isOurs = ANY): Promise<void> {
    return mergeAll([this.events, this.control], { today, isEnough, isOurs, onReached: this.parts.onReached });
  }

  /** What a merge that was cut off has left. */
  removeStale(): Promise<void> {
    return removeStale([this.events, this.control], ANY);
  }

  /** What a process that ended has begun. */
  clean(): Promise<void> {
    return this.events.files.store.clean();
  }

  private isStale(error: unknown): boolean {
    return error instanceof FileChanged || (this.parts.isStale?.(error) ?? false);
  }
}

/** Records that are no events. An erasure names whom it erases as that visitor's rows do from then on. */
function controlRows(secret: string, within: string): string {
  const erasure = `CAST(json_object('control', 'erase', 'user_id', ${erasedNameOf(secretAt(secret, ''), 'position || visitor')}) AS VARCHAR)`;
  const record = `CASE WHEN outcome = ${quoted(ERASE)} THEN ${erasure} ELSE record END AS record`;
  return `SELECT * REPLACE (${record}) FROM ${TABLE} WHERE NOT (${IS_EVENT}) AND ${within}`;
}

/** Who was erased and came again is somebody else until the next erasure: the name is of its position as well. */
const secretAt = (secret: string, position: unknown): string => `${secret} ${position}`;

/** Beside a waiting file in which erasures stand, until it is written. */
export const secretPathOf = (path: string): string => `${path}.secret`;

/** What says of the visitor's own orders that another report stays, or what they are refunded, and what became of their carts, says it of these under their other names. */
function withErased(secret: string, visitor: string, record: string): string {
  const isOfOrder = `${inRecord('control')} IN ('void', 'settle', 'complete') AND coalesce(${inRecord('reporter')}, ${inRecord('user_id')}) = ${quoted(visitor)}`;
  const order = `'"transaction_id":' || CAST(json_extract(record, '$.transaction_id') AS VARCHAR)`;
  const other = `'"transaction_id":"' || ${erasedNameOf(secret, inRecord('transaction_id'))} || '"'`;
  // Their first text is which one it is.
  const renamed = (field: string): string =>
    `replace(${record}, '"${field}":' || CAST(json_extract(record, '$.${field}') AS VARCHAR), '"${field}":"' || ${erasedNameOf(secret, inRecord(field))} || '"')`;
  return `CASE WHEN ${isOfOrder} THEN replace(${record}, ${order}, ${other}) WHEN ${IS_OF_CART} THEN ${renamed('cart')} WHEN ${IS_OF_SESSION} THEN ${renamed('session')} ELSE ${record} END`;
}

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
