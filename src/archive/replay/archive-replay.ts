import { CONTROL_COLUMNS } from '../columns.ts';
import { type ArchiveFile, type ArchiveFiles, groupedBy, onChange } from '../files.ts';
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
    const { files } = this.parts;
    const logs = new Map<string, Map<string, Places>>();
    // Of a segment that is being written the records that are no events come last.
    for (const { log, partition, from, to } of await files.control.list()) {
      const partitions = logs.get(log) ?? new Map<string, Places>();
      logs.set(log, partitions);
      const known = partitions.get(partition);
      partitions.set(partition, { from: Math.min(known?.from ?? from, from), to: Math.max(known?.to ?? to, to) });
    }
    // The first of each partition tell when a log began.
    const { rows } = await this.onFiles(
      async () => groupedBy(await files.list(), ({ log, partition }) => `${log} ${partition}`).flatMap(firstOf),
      (table) => `SELECT log FROM (${table}) GROUP BY log ORDER BY min(arrived_at)`,
    );
    const order = rows.map(({ log }) => String(log));
    return [...logs]
      .map(([log, partitions]) => ({ log, partitions }))
      .sort((a, b) => order.indexOf(a.log) - order.indexOf(b.log));
  }

  /** Lanes of imports that were taken back, and those in which they were: whoever counts all of it anew leaves both out. */
  async lanesTakenBack(): Promise<string[]> {
    const { files, sql, isStale } = this.parts;
    return onChange(async () => {
      const told = await files.control.list();
      return files.read(told, (sourceOf) => lanesTakenBack(sql, archived(told.map(sourceOf), CONTROL_COLUMNS)));
    }, isStale);
  }

  /** The records of a partition between the places, some thousands at a time. */
  async *records(partition: string, log: string, { from, to }: Places): AsyncGenerator<ArchivedRecord[]> {
    let listed = await this.listed(partition, log);
    for (let at = from; at < to; ) {
      const places = { from: at, to: Math.min(to, at + AT_ONCE) };
      let isFirst = true;
      const window = await onChange(async () => {
        if (!isFirst) listed = await this.listed(partition, log);
        isFirst = false;
        return this.read(listed, places);
      }, this.parts.isStale);
      if (window.records.length > 0) yield window.records;
      at = window.next;
    }
  }

  /** Some visitors of a partition, to see whose events lie there. */
  async visitorsOf(partition: string, log: string): Promise<string[]> {
    // Names that an erasure has given are nobody's.
    const { rows } = await this.onFiles(
      async () => (await this.filesOf(this.parts.files, partition, log)).slice(-3),
      (table) =>
        `SELECT DISTINCT visitor FROM (${table}) WHERE visitor IS NOT NULL AND NOT ${isErasedName('visitor')} LIMIT ${SAMPLED_VISITORS}`,
    );
    return rows.map(({ visitor }) => String(visitor));
  }

  private onFiles(list: () => Promise<readonly ArchiveFile[]>, sql: (table: string) => string) {
    const { files, isStale } = this.parts;
    return onChange(async () => {
      const some = await list();
      return files.read(some, (sourceOf) => this.parts.sql.query(sql(archived(some.map(sourceOf)))));
    }, isStale);
  }

  private async listed(partition: string, log: string): Promise<Listed> {
    const { files } = this.parts;
    return {
      events: await this.filesOf(files, partition, log),
      control: await this.filesOf(files.control, partition, log),
    };
  }

  private async read({ events, control }: Listed, places: Places) {
    const { files, sql } = this.parts;
    const isWithin = ({ from, to }: ArchiveFile): boolean => from < places.to && to > places.from;
    const [some, told] = [events.filter(isWithin), control.filter(isWithin)];
    const { rows } = await files.read([...some, ...told], (sourceOf) =>
      sql.query(
        `SELECT * FROM (${recordsSql(some.map(sourceOf), told.map(sourceOf), places)}) ORDER BY position, record IS NULL, arrived, began, session_event`,
      ),
    );
    // Where nothing is, the next file says where something may be.
    const later = [...events, ...control].filter(({ to }) => to > places.to).map(({ from }) => from);
    const next = later.length === 0 ? Number.POSITIVE_INFINITY : Math.max(places.to, Math.min(...later));
    return { records: rows.map((row) => archivedRecord(row, this.parts)), next };
  }

  private async filesOf(of: ArchiveFiles, partition: string, log: string): Promise<ArchiveFile[]> {
    return (await of.list()).filter((file) => file.partition === partition && file.log === log);
  }
}

interface Listed {
  readonly events: readonly ArchiveFile[];
  readonly control: readonly ArchiveFile[];
}

/** The files that hold the first position. */
function firstOf(files: readonly ArchiveFile[]): ArchiveFile[] {
  const first = Math.min(...files.map(({ from }) => from));
  return files.filter(({ from }) => from === first);
}
