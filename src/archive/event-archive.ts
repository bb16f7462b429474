import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Mutex } from 'async-mutex';
import { type PartitionId, partitionName } from '../events/partition.ts';
import type { Columns } from '../fold/columns/columns.ts';
import { type Headroom, StoreFull } from '../ingestion/ports/headroom.ts';
import type { UnitArchive, UnitRecords, UnitRows } from '../ingestion/ports/unit-archive.ts';
import { messageOf } from '../runtime/errors.ts';
import type { Logger } from '../runtime/logger.ts';
import { hasCode } from '../runtime/private-dir.ts';
import type { Calendar } from '../time/calendar.ts';
import { CountedRows } from './counted-rows.ts';
import type { ArchiveFiles } from './files.ts';
import type { LostRows } from './lost/lost-rows.ts';
import { closeOpenFile, type OwnedPartition, ownedPartition } from './owned-partition.ts';
import type { ParquetWriter, Segment } from './parquet-writer.ts';
import { recover, WaitingFile } from './waiting.ts';

/** A waiting file is written as Parquet when it is so large, or so old. */
const SEGMENT_BYTES = 64 * 1_048_576;
const SEGMENT_AGE_MS = 60_000;
/** So many waiting files may be left to write; then counting pauses. */
const MOST_WAITING = 16;
const LOOK_MS = 1_000;
const RETRY_MS = 5_000;
/** So long the file that is being written may take when the process ends. */
const STOP_MS = 5_000;
/** Then keeping is tried again. */
const FULL_MS = 2_000;
/** A flush waits so often, for so long, to hear whether a unit is committed; then it leaves the partition's newest rows out. */
const MOST_DOUBTS = 200;
const DOUBT_MS = 5;
/** So many are written before an hour is over only where many questions are asked. */
const MANY_SEGMENTS = 500;

export interface EventArchiveParts {
  readonly files: ArchiveFiles;
  readonly writer: ParquetWriter;
  /** Where rows wait to be written. */
  readonly waitingDir: string;
  /** Which log it is that places are of. */
  readonly log: string;
  readonly calendar: Calendar;
  /** Dates that are kept, today included; 0: all. */
  readonly days: number;
  readonly logger: Logger;
  readonly now: () => number;
  /** Rows that are gone with the machine on which they waited, and how long it may take to come back with them. */
  readonly lost?: LostRows;
  readonly lostAfterMs?: number;
  readonly segmentBytes?: number;
  readonly segmentAgeMs?: number;
}

/** The archive of the partitions that this process counts. Rows wait on disk, and are written as Parquet together. */
export class EventArchive implements UnitArchive, Headroom {
  private readonly parts: EventArchiveParts;
  private readonly owned = new Map<string, OwnedPartition>();
  private readonly closed: Segment[] = [];
  /** Waiting files that are this process's already. */
  private readonly known = new Set<string>();
  /** Whoever writes, merges or erases files has it. */
  private readonly writing = new Mutex();
  private timer: NodeJS.Timeout | undefined;
  private restUntilMs = 0;
  private refused: { readonly reason: string; readonly untilMs: number } | undefined;
  /** Why nothing could be written last. */
  private trouble = '';
  private tidiedIn = '';
  private isStopped = false;
  /** Waiting files since then. */
  private written = 0;

  constructor(parts: EventArchiveParts) {
    this.parts = parts;
  }

  async start(): Promise<void> {
    this.isStopped = false;
    await this.parts.writer.clean();
    this.timer = setInterval(() => void this.look(), LOOK_MS);
    this.timer.unref();
  }

  /** Ends behind the file that is being written: what waits is written at the next start, from its beginning. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    this.isStopped = true;
    const cut = setTimeout(() => this.parts.files.store.giveUp(), STOP_MS);
    await this.writing.waitForUnlock();
    clearTimeout(cut);
  }

  /** Nothing is counted any more; what waits is written at the next start. */
  async close(): Promise<void> {
    await this.stop();
    for (const { open } of this.owned.values()) await open?.leave();
  }

  /** Why nothing can be kept at the moment. */
  full(): string | undefined {
    return this.refused !== undefined && this.parts.now() < this.refused.untilMs ? this.refused.reason : undefined;
  }

  isInDoubt(partition: PartitionId): boolean {
    return this.owned.get(partitionName(partition))?.open?.isInDoubt ?? false;
  }

  async standsAt(partition: PartitionId, position: number): Promise<void> {
    const own = this.take(partition);
    await own.open?.standsAt(position);
    own.since = position;
    // What lies between may be another process's: a file holds all between its ends, or it would hide theirs.
    if (own.open !== undefined && own.open.to !== position) await this.closeOpen(own);
    const { log } = this.parts;
    const left = await recover(own.dir, position, (path) => this.known.has(path), { partition: own.name, log });
    for (const segment of left) {
      own.archivedTo = Math.max(own.archivedTo, segment.to);
      this.known.add(segment.path);
    }
    this.closed.push(...left);
    this.parts.lost?.claimed(partition, position, this.parts.now());
  }

  open(partition: PartitionId, columns: Columns, records: UnitRecords): UnitRows {
    const own = this.owned.get(partitionName(partition));
    if (own === undefined) throw new Error('the archive was not told where counting stands');
    const from = Math.max(own.archivedTo, own.open?.to ?? 0);
    const rows = new CountedRows({ columns, calendar: this.parts.calendar, records, from });
    return Object.assign(rows, {
      keep: () => this.keep(own, rows),
      commit: () => own.open?.commit(),
    });
  }

  /** Whoever counted before has had time to write what waited: what is in no file is fetched from the log. */
  async fetchLost(untilMs: number): Promise<void> {
    const fetched = (await this.parts.lost?.fetchDue(untilMs, this.closed)) ?? [];
    for (const { path } of fetched) this.known.add(path);
    this.closed.push(...fetched);
  }

  /** Writes what waits, now: whoever asks gets all that is counted. */
  async flush(): Promise<void> {
    // While nothing can be written, no more is closed for it.
    await this.writeClosed();
    for (const own of this.owned.values()) {
      // A unit that is in the answers may be one whose owner has not heard so yet.
      for (let i = 0; i < MOST_DOUBTS && own.open?.isInDoubt; i++) await sleep(DOUBT_MS);
      await this.closeOpen(own);
    }
    await this.writeClosed();
  }

  /** @throws StoreFull where rows cannot be kept */
  private async keep(own: OwnedPartition, rows: CountedRows): Promise<void> {
    const { segmentBytes = SEGMENT_BYTES } = this.parts;
    if (rows.rows === 0) return;
    if (this.closed.length >= MOST_WAITING)
      this.refuse(`the archive cannot be written${this.trouble}, and as much waits for it as may`);
    if ((own.open?.bytes ?? 0) >= segmentBytes) await this.closeOpen(own);
    try {
      own.open ??= await this.create(own, Math.min(rows.from, Math.max(own.archivedTo, own.since)));
      await own.open.keep(rows.bytes, rows.to);
    } catch (error) {
      if (hasCode(error, 'ENOSPC') || hasCode(error, 'EDQUOT')) this.refuse(`the disk under ${own.dir} is full`);
      throw error;
    }
  }

  /** @throws StoreFull */
  private refuse(reason: string): never {
    this.refused = { reason, untilMs: this.parts.now() + FULL_MS };
    throw new StoreFull(`${reason}; counting pauses`);
  }

  private async create(own: OwnedPartition, from: number): Promise<WaitingFile> {
    const made = await WaitingFile.create(own.dir, from, this.parts.now());
    this.known.add(made.path);
    return made;
  }

  /** What of it is archived already is found out when it is written: counting does not wait for that. */
  private take(partition: PartitionId): OwnedPartition {
    const name = partitionName(partition);
    const known = this.owned.get(name);
    if (known !== undefined) return known;
    const { log, waitingDir } = this.parts;
    const own = ownedPartition(name, join(waitingDir, log, name));
    this.owned.set(name, own);
    return own;
  }

  private async look(): Promise<void> {
    const { now, segmentAgeMs = SEGMENT_AGE_MS, lostAfterMs = 0, logger } = this.parts;
    if (this.writing.isLocked() || now() < this.restUntilMs) return;
    try {
      await this.writeClosed();
      await this.fetchLost(now() - lostAfterMs);
      for (const own of this.owned.values())
        if (own.open !== undefined && now() - own.open.openedAtMs >= segmentAgeMs) await this.closeOpen(own);
      await this.writeClosed();
      await this.tidy();
    } catch (error) {
      this.restUntilMs = now() + RETRY_MS;
      logger.error({ error: messageOf(error) }, 'the archive cannot be written; what is counted waits for it');
    }
  }

  private async closeOpen(own: OwnedPartition): Promise<void> {
    await closeOpenFile(own, this.parts.log, (segment) => void this.closed.push(segment));
  }

  private async writeClosed(): Promise<void> {
    await this.writing.runExclusive(async () => {
      for (let segment = this.closed[0]; segment !== undefined && !this.isStopped; segment = this.closed[0]) {
        if (!(await this.write(segment))) return;
        this.closed.shift();
        this.written += 1;
        this.known.delete(segment.path);
      }
    });
  }

  private async write(segment: Segment): Promise<boolean> {
    try {
      return await this.parts.writer.write(segment, () => this.isStopped);
    } catch (error) {
      this.trouble = ` (${messageOf(error)})`;
      throw error;
    }
  }

  /** Small files become one each: once a day those of dates that are over, once an hour where a day that goes on has many. */
  private async tidy(): Promise<void> {
    const { calendar, writer, files, days, now } = this.parts;
    const { hour, day: today } = calendar.at(now());
    if (this.isStopped || (this.tidiedIn === hour && this.written < MANY_SEGMENTS)) return;
    await this.writing.runExclusive(async () => {
      const isOurs = (partition: string): boolean => this.owned.has(partition);
      await writer.merge(today, () => this.isStopped, isOurs);
      if (days > 0) await files.dropBefore(calendar.addDays(today, 1 - days));
    });
    this.tidiedIn = hour;
    this.written = 0;
  }
}
