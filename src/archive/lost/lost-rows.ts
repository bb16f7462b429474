import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type PartitionId, partitionName } from '../../events/partition.ts';
import type { LogRecord } from '../../ingestion/ports/event-log.ts';
import type { Logger } from '../../runtime/logger.ts';
import { makePrivateDir } from '../../runtime/private-dir.ts';
import { ERASE } from '../counted-rows.ts';
import { type ArchiveFiles, padded } from '../files.ts';
import { missingOf, type Range } from '../parquet/ranges.ts';
import type { Segment } from '../parquet-writer.ts';
import { FETCHED_FILE } from '../waiting.ts';
import { type FetchContext, fetchedRow } from './fetched-row.ts';

/** The log, as it is read once more. */
export interface LogRecords {
  /** How many records the log has forgotten of a partition. */
  begin(partition: PartitionId): Promise<number>;
  /** What it holds of a partition from a place on. */
  from(partition: PartitionId, place: number): AsyncIterable<{ readonly place: number; readonly record: LogRecord }>;
}

export interface LostRowsParts extends FetchContext {
  readonly files: ArchiveFiles;
  readonly records: LogRecords;
  /** Which log it is, and the folder in which its rows wait. */
  readonly log: string;
  readonly waitingDir: string;
  readonly logger: Pick<Logger, 'warn'>;
  readonly segmentBytes?: number;
}

const SEGMENT_BYTES = 64 * 1_048_576;

/**
 * Rows that waited on a machine which is gone. Names of files say which positions they were of; what the log still holds of them is fetched.
 */
export class LostRows {
  private readonly parts: LostRowsParts;
  /** Partitions before whose places something may be missing, and since when somebody else may have written it. */
  private readonly behind = new Map<string, { partition: PartitionId; to: number; sinceMs: number }>();

  constructor(parts: LostRowsParts) {
    this.parts = parts;
  }

  /** This process counts it from here on. */
  claimed(partition: PartitionId, to: number, nowMs: number): void {
    const name = partitionName(partition);
    this.behind.set(name, { partition, to, sinceMs: this.behind.get(name)?.sinceMs ?? nowMs });
  }

  /** What is missing of partitions that were claimed before that. */
  async fetchDue(untilMs: number, waiting: readonly Segment[]): Promise<Segment[]> {
    const fetched: Segment[] = [];
    for (const [name, { partition, to, sinceMs }] of this.behind) {
      if (sinceMs > untilMs) continue;
      const isOfIt = (one: Segment): boolean => one.partition === name && one.log === this.parts.log;
      fetched.push(...(await this.fetch(partition, to, waiting.filter(isOfIt))));
      this.behind.delete(name);
    }
    return fetched;
  }

  /**
   * @param to where those begin that somebody has; where it is absent, all that lies between files
   * @param waiting what is on its way into the archive
   * @returns what was fetched, to be written in this order
   */
  async fetch(partition: PartitionId, to?: number, waiting: readonly Range[] = []): Promise<Segment[]> {
    const { files, log, records, logger } = this.parts;
    const name = partitionName(partition);
    const written = (await files.control.list()).filter((file) => file.partition === name && file.log === log);
    // Where nothing is archived yet, it begins later than the log.
    if (written.length === 0) return [];
    const from = Math.min(...written.map((file) => file.from));
    const missing = missingOf({ from, to: to ?? Math.max(...written.map((file) => file.to)) }, [
      ...written,
      ...waiting,
    ]);
    if (missing.length === 0) return [];
    const begin = await records.begin(partition);
    const held = missing.flatMap((range) =>
      range.to > begin ? [{ from: Math.max(range.from, begin), to: range.to }] : [],
    );
    const [fetched, all] = [lengthOf(held), lengthOf(missing)];
    if (fetched === 0) return [];
    logger.warn(
      { partition: name, missing: all, fetched },
      'rows of the archive are gone with the machine on which they waited; they are fetched from the log, as far as it holds them',
    );
    return this.read(partition, held);
  }

  /** One pass over the log, to its end: erasures that stand behind hold for what is fetched as well. */
  private async read(partition: PartitionId, held: readonly Range[]): Promise<Segment[]> {
    const { records, segmentBytes = SEGMENT_BYTES } = this.parts;
    const segments: Segment[] = [];
    const erasures: Row[] = [];
    let piece: Piece | undefined;
    for await (const { place, record } of records.from(partition, held[0]?.from ?? 0)) {
      const said = fetchedRow(partition, place, record, this.parts);
      if (said === undefined) continue;
      const row = { place, line: `${JSON.stringify(said)}\n` };
      if (said['o'] === ERASE) erasures.push(row);
      const range = held.find(({ from, to }) => place >= from && place < to);
      if (range === undefined) continue;
      const next = pieceFor(piece, range, place, segmentBytes);
      if (piece !== undefined && next !== piece) segments.push(await this.keep(partition, piece));
      piece = next;
      piece.rows.push(row);
      piece.bytes += row.line.length;
    }
    if (piece === undefined) return [];
    const { from, to, rows } = piece;
    rows.push(...erasures.filter(({ place }) => place < from || place >= to));
    return [...segments, await this.keep(partition, piece)];
  }

  /** Should this process die they are fetched again, so their name is none that waiting rows have. */
  private async keep(of: PartitionId, { from, to, rows }: Piece): Promise<Segment> {
    const { log, waitingDir } = this.parts;
    const partition = partitionName(of);
    const dir = join(waitingDir, log, partition);
    await makePrivateDir(dir);
    const path = join(dir, `${padded(from)}-${randomUUID()}${FETCHED_FILE}`);
    await writeFile(path, rows.map(({ line }) => line).join(''), { mode: 0o600 });
    return { path, partition, log, from, to };
  }
}

interface Row {
  readonly place: number;
  readonly line: string;
}

/** Rows that are written together. */
interface Piece {
  readonly from: number;
  to: number;
  bytes: number;
  readonly range: Range;
  readonly rows: Row[];
}

/** That one, or where it is full, or of another range, the next one. */
function pieceFor(piece: Piece | undefined, range: Range, place: number, mostBytes: number): Piece {
  if (piece?.range === range && piece.bytes < mostBytes) return piece;
  const isNext = piece?.range === range;
  if (piece !== undefined && isNext) piece.to = place;
  return { from: isNext ? place : range.from, to: range.to, bytes: 0, range, rows: [] };
}

const lengthOf = (ranges: readonly Range[]): number => ranges.reduce((sum, { from, to }) => sum + to - from, 0);
