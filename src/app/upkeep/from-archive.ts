import { DuckProcess, isFileGone } from '../../adapters/duckdb/duck-process.ts';
import type { RedisClient } from '../../adapters/redis/client/connection.ts';
import { ArchiveFiles } from '../../archive/files.ts';
import { ParquetWriter } from '../../archive/parquet-writer.ts';
import { ArchiveReplay } from '../../archive/replay/archive-replay.ts';
import { writeLeft } from '../../archive/write-left.ts';
import type { Config } from '../../config.ts';
import { partitionName } from '../../events/partition.ts';
import type { EventLog } from '../../ingestion/ports/event-log.ts';
import type { StateStore } from '../../ingestion/ports/state-store.ts';
import type { Keyspace } from '../../metrics/keyspace.ts';
import { ArchivedLog } from '../../rebuild/archived-log.ts';
import { foldArchive } from '../../rebuild/fold-archive.ts';
import type { Logger } from '../../runtime/logger.ts';
import { logIdOf } from '../archive/log-id.ts';
import { lostRowsOf } from '../archive/lost-rows.ts';
import { archiveStoreOf, waitingDirOf } from '../archive/places.ts';
import { settingsOf } from '../servers.ts';
import { mutedWorker } from './muted-worker.ts';

const MEMORY = '512MB';

export interface FromArchive {
  readonly config: Config;
  readonly redis: RedisClient;
  readonly keyspace: Keyspace;
  readonly log: EventLog;
  /** Into which the archive is counted. */
  readonly store: StateStore;
  /** What counts at the moment, and where it stands. */
  readonly live: Pick<StateStore, 'standing'>;
  /** Lanes that are passed over; those that the archive knows of join them. */
  readonly leftOut: Set<string>;
  readonly logger: Pick<Logger, 'warn'>;
  readonly onProgress: (done: number, of: number) => void;
  readonly signal: AbortSignal;
}

/** Counts the archive into a generation, as far as it goes. @returns whether it has come to the end */
export async function countArchive(parts: FromArchive): Promise<boolean> {
  const { config, log, store } = parts;
  const files = new ArchiveFiles(archiveStoreOf(config));
  const duck = new DuckProcess([`SET memory_limit = '${MEMORY}'`, 'SET threads = 2', "SET TimeZone = 'UTC'"]);
  try {
    const logName = await logIdOf(parts);
    const writer = new ParquetWriter({ files, sql: duck, isStale: isFileGone });
    // Who counts at the moment has rows of its own waiting, which the log has as well.
    if ((await log.consumers()) === 0) await writeRest(parts, logName, writer);
    const lost = lostRowsOf({ config, files, log, logName, settings: settingsOf(config), logger: parts.logger });
    for (const partition of log.partitions)
      for (const segment of await lost.fetch(partition)) await writer.write(segment);
    const archived = new ArchivedLog(log.partitions);
    const { leftOut } = parts;
    const worker = mutedWorker(config, { store, log: archived, known: archived.known, leftOut });
    const replay = new ArchiveReplay({
      files,
      sql: duck,
      dimensions: settingsOf(config).dimensions.map(({ name }) => name),
      storeCurrency: config.STORE_CURRENCY,
      isStale: isFileGone,
    });
    for (const lane of await replay.lanesTakenBack()) leftOut.add(lane);
    const { onProgress, signal } = parts;
    return await foldArchive({ replay, archived, worker, store, log, logName, onProgress, signal });
  } finally {
    await duck.close();
  }
}

function writeRest({ config, log, live }: FromArchive, logName: string, writer: ParquetWriter): Promise<void> {
  return writeLeft(waitingDirOf(config), writer, async (of, partition) => {
    const owned = log.partitions.find((one) => partitionName(one) === partition);
    const position = of === logName && owned !== undefined ? (await live.standing(owned)).position : undefined;
    // Of a log that nobody counts any more, or a Redis that was lost, all that was kept came from the log.
    return position === undefined ? Number.POSITIVE_INFINITY : log.distance(log.start, position);
  });
}
