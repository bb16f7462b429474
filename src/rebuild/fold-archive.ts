import { type PartitionId, partitionName } from '../events/partition.ts';
import { partitionOf } from '../events/partitioner.ts';
import type { EventLog, PartitionHandler } from '../ingestion/ports/event-log.ts';
import type { StateStore } from '../ingestion/ports/state-store.ts';
import { type ArchivedLog, type ArchivedRecord, archivePlace, archivePosition } from './archived-log.ts';
import { RebuildRefused } from './rebuild.ts';

/** Positions of a partition, the second one excluded. */
interface Places {
  readonly from: number;
  readonly to: number;
}

/** What an archive holds of one of the logs that there have been. */
interface HeldLog {
  readonly log: string;
  readonly partitions: ReadonlyMap<string, Places>;
}

/** An archive, to be counted. */
interface Replay {
  /** In the order in which they were used. */
  logs(): Promise<readonly HeldLog[]>;
  records(partition: string, log: string, places: Places): AsyncIterable<readonly ArchivedRecord[]>;
  visitorsOf(partition: string, log: string): Promise<readonly string[]>;
}

export interface FoldArchiveParts {
  readonly replay: Replay;
  readonly archived: ArchivedLog;
  /** Counts `archived` into the new generation. */
  readonly worker: PartitionHandler;
  readonly store: Pick<StateStore, 'standing'>;
  /** The log that is counted behind the archive, and under which name the archive knows it. */
  readonly log: Pick<EventLog, 'partitions' | 'begins' | 'distance' | 'start' | 'positionAt'>;
  readonly logName: string;
  readonly onProgress: (done: number, of: number) => void;
  readonly signal: AbortSignal;
}

/**
 * Counts the archive, partition by partition, up to where the log goes on. Killed on the way it goes on where it was.
 * @returns whether it has come to the end
 * @throws RebuildRefused
 */
export async function foldArchive(parts: FoldArchiveParts): Promise<boolean> {
  const logs = await checkedLogs(parts);
  const placesOf = (name: string): Places[] => logs.flatMap(({ partitions }) => partitions.get(name) ?? []);
  const sizes = parts.log.partitions.flatMap((one) => placesOf(partitionName(one)).map(({ from, to }) => to - from));
  const of = sizes.reduce((sum, size) => sum + size, 0);
  let done = 0;
  const tell = (by: number): void => {
    done += by;
    parts.onProgress(done, of);
  };
  // A partition has an order, and none with the others; two are enough for a machine.
  const waiting = [...parts.log.partitions];
  const next = async (): Promise<void> => {
    for (let one = waiting.shift(); one !== undefined && !parts.signal.aborted; one = waiting.shift())
      await foldPartition(one, logs, parts, tell);
  };
  await Promise.all([next(), next()]);
  return !parts.signal.aborted;
}

async function foldPartition(
  partition: PartitionId,
  logs: readonly HeldLog[],
  { replay, archived, worker, store, log, logName, signal }: FoldArchiveParts,
  tell: (by: number) => void,
): Promise<void> {
  const name = partitionName(partition);
  const { position: stands } = await store.standing(partition);
  const begun = stands === undefined ? { log: 0, place: 0 } : archivePlace(stands);
  if (begun === undefined) return;
  await worker.claim(partition);
  try {
    for (const [number, held] of logs.entries()) {
      const places = held.partitions.get(name);
      if (places === undefined || number < begun.log) continue;
      const from = number === begun.log ? Math.max(places.from, begun.place) : places.from;
      tell(from - places.from);
      let behind = from;
      for await (const records of replay.records(name, held.log, { from, to: places.to })) {
        if (signal.aborted) return;
        const end = (records.at(-1)?.place ?? behind) + 1;
        const position = await worker.process(partition, archived.batchOf(number, records));
        if (position !== archivePosition({ log: number, place: end })) throw new ArchiveLost(name);
        tell(end - behind);
        behind = end;
      }
      tell(places.to - behind);
    }
    const current = logs.find((held) => held.log === logName)?.partitions.get(name);
    const to = current === undefined ? log.start : await log.positionAt(partition, current.to);
    // What lies before the archive's beginning is nowhere any more.
    const missing = logs.reduce((sum, { partitions }) => sum + (partitions.get(name)?.from ?? 0), 0);
    await worker.skip(partition, to, missing);
  } finally {
    worker.release(partition);
  }
}

/** Another process counts into the same generation. */
class ArchiveLost extends Error {
  readonly code = 'archive-lost';
  readonly retryable = true;

  constructor(partition: string) {
    super(`${partition} was counted by somebody else meanwhile; start the rebuild again, and it goes on`);
  }
}

/** @throws RebuildRefused where what comes of it would be wrong */
async function checkedLogs({ replay, log, logName }: FoldArchiveParts): Promise<readonly HeldLog[]> {
  const logs = await replay.logs();
  if (logs.length === 0)
    throw new RebuildRefused('the archive holds nothing that can be counted; is ARCHIVE_DIR right?');
  const ours = log.partitions.filter(({ topic }) => topic === 'events');
  const names = new Set(log.partitions.map(partitionName));
  for (const held of logs)
    for (const name of held.partitions.keys()) {
      if (!names.has(name)) throw otherPartitions(held.log, name);
      if (!name.startsWith('events-')) continue;
      const visitors = await replay.visitorsOf(name, held.log);
      const elsewhere = visitors.filter((visitor) => `events-${partitionOf(visitor, ours.length)}` !== name);
      if (elsewhere.length > visitors.length / 2) throw otherPartitions(held.log, name);
    }
  if (logs.some((held) => held.log === logName)) return logs;
  const begins = await log.begins();
  if ([...begins.values()].some((begin) => log.distance(log.start, begin) > 0))
    throw new RebuildRefused(
      'the archive does not know this log, and the log has forgotten how it began: nobody could tell which of its events the archive holds',
    );
  return logs;
}

const otherPartitions = (log: string, name: string): RebuildRefused =>
  new RebuildRefused(
    `the archive’s events of ${name} (log ${log}) lie by another number of partitions: set PARTITIONS to what it was then, and change it by a rebuild of its own afterwards`,
  );
