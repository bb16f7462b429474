import { CONTROL_COLUMNS } from '../columns.ts';
import type { ArchiveFile, ArchiveFiles } from '../files.ts';
import { archived, isErasedName, lanesTakenBack, type Sql } from '../sql.ts';
import { type ArchivedRecord, archivedRecord, type EventContext, type Places, recordsSql } from './archived-events.ts';

/**
 * Records that are read in one go. Events that waited stand at the place of the record which released them: together they have to be one
 * batch of counting, which has at most twice as many.
 */
const AT_ONCE = 5_000;
const SAMPLED_VISITORS = 200;

/** What the archive holds of a log. */
export interface HeldLog {
  readonly log: string;
  /** By partition, the places that it has. */
  readonly partitions: ReadonlyMap<string, Places>;
}

export interface ReplayParts extends EventContext {
  readonly files: ArchiveFiles;
  readonly sql: Sql;
  /** Was a file that was listed merged away before it was read? */
  readonly isStale: (error: unknown) => boolean;
}

/** The archive as the log that it was written from. */
export class ArchiveReplay {
  private readonly parts: ReplayParts;

  constructor(parts: ReplayParts) {
    this.parts = parts;
  }

  /** The logs that there have been, in the order in which they were used; and of each what is surely whole. */
  async logs(): Promise<HeldLog[]> {
    const { files, sql } = this.parts;
    const logs = new Map<string, Map<string, Places>>();
    // Of a segment that is being written the records that are no events come last.
    for (const { log, partition, from, to } of await files.control.list()) {
      const partitions = logs.get(log) ?? new Map<string, Places>();
      logs.set(log, partitions);
      const known = partitions.get(partition);
      partitions.set(partition, { from: Math.min(known?.from ?? from, from), to: Math.max(known?.to ?? to, to) });
    }
    const { rows } = await sql.query(
      `SELECT log FROM (${archived(await this.paths())}) GROUP BY log ORDER BY min(arrived_at)`,
    );
    const order = rows.map(({ log }) => String(log));
    return [...logs]
      .map(([log, partitions]) => ({ log, partitions }))
      .sort((a, b) => order.indexOf(a.log) - order.indexOf(b.log));
  }

  /** Lanes of imports that were taken back, and those in which they were: whoever counts all of it anew leaves both out. */
  async lanesTakenBack(): Promise<string[]> {
    const { files, sql } = this.parts;
    const paths = (await files.control.list()).map((file) => files.control.absolute(file));
    return lanesTakenBack(sql, archived(paths, CONTROL_COLUMNS));
  }

  /** The records of a partition between the places, some thousands at a time. */
  async *records(partition: string, log: string, { from, to }: Places): AsyncGenerator<ArchivedRecord[]> {
    for (let at = from; at < to; ) {
      const window = await this.onFiles(partition, log, { from: at, to: Math.min(to, at + AT_ONCE) });
      if (window.records.length > 0) yield window.records;
      at = window.next;
    }
  }

  /** Some visitors of a partition, to see whose events lie there. */
  async visitorsOf(partition: string, log: string): Promise<string[]> {
    const paths = (await this.filesOf(this.parts.files, partition, log)).slice(-3);
    const table = archived(paths.map((file) => this.parts.files.absolute(file)));
    // Names that an erasure has given are nobody's.
    const { rows } = await this.parts.sql.query(
      `SELECT DISTINCT visitor FROM (${table}) WHERE visitor IS NOT NULL AND NOT ${isErasedName('visitor')} LIMIT ${SAMPLED_VISITORS}`,
    );
    return rows.map(({ visitor }) => String(visitor));
  }

  private async onFiles(partition: string, log: string, places: Places) {
    try {
      return await this.read(partition, log, places);
    } catch (error) {
      if (!this.parts.isStale(error)) throw error;
      return this.read(partition, log, places);
    }
  }

  private async read(partition: string, log: string, places: Places) {
    const { files, sql } = this.parts;
    const [events, control] = await Promise.all([
      this.filesOf(files, partition, log),
      this.filesOf(files.control, partition, log),
    ]);
    const paths = (of: ArchiveFiles, some: readonly ArchiveFile[]): string[] =>
      some.filter(({ from, to }) => from < places.to && to > places.from).map((file) => of.absolute(file));
    const asked = recordsSql(paths(files, events), paths(files.control, control), places);
    const { rows } = await sql.query(`SELECT * FROM (${asked}) ORDER BY position, record IS NULL, arrived`);
    // Where nothing is, the next file says where something may be.
    const later = [...events, ...control].filter(({ to }) => to > places.to).map(({ from }) => from);
    const next = later.length === 0 ? Number.POSITIVE_INFINITY : Math.max(places.to, Math.min(...later));
    return { records: rows.map((row) => archivedRecord(row, this.parts)), next };
  }

  private async filesOf(of: ArchiveFiles, partition: string, log: string): Promise<ArchiveFile[]> {
    return (await of.list()).filter((file) => file.partition === partition && file.log === log);
  }

  private async paths(): Promise<string[]> {
    const { files } = this.parts;
    return (await files.list()).map((file) => files.absolute(file));
  }
}
