import { DuckProcess, isFileGone } from '../../adapters/duckdb/duck-process.ts';
import { EventArchive } from '../../archive/event-archive.ts';
import { ArchiveFiles } from '../../archive/files.ts';
import { ParquetWriter } from '../../archive/parquet-writer.ts';
import type { ArchiveStore } from '../../archive/store.ts';
import type { Basics } from '../register.ts';
import { logIdOf } from './log-id.ts';
import { lostRowsOf } from './lost-rows.ts';
import { waitingDirOf } from './places.ts';

/** Rewriting and merging files takes no more than this, beside what counting takes. */
const WRITER_MEMORY = '512MB';

/** So long a machine that was counting may be away and come back with its rows. The log has to have them still then. */
const LOST_AFTER_MS = 30 * 60_000;

/** The archive as this process writes it. */
export interface OpenArchive {
  readonly events: EventArchive;
  close(): Promise<void>;
}

export async function openArchive(basics: Omit<Basics, 'archive'>, store: ArchiveStore): Promise<OpenArchive> {
  const { config, calendar, logger, now } = basics;
  const files = new ArchiveFiles(store);
  const log = await logIdOf(basics);
  const duck = new DuckProcess([
    `SET memory_limit = '${WRITER_MEMORY}'`,
    'SET threads = 1',
    'SET preserve_insertion_order = true',
    "SET TimeZone = 'UTC'",
  ]);
  const events = new EventArchive({
    files,
    writer: new ParquetWriter({ files, sql: duck, isStale: isFileGone }),
    waitingDir: waitingDirOf(config),
    log,
    calendar,
    days: config.ARCHIVE_DAYS,
    logger,
    now,
    lost: lostRowsOf({ ...basics, files, logName: log }),
    lostAfterMs: Math.min(LOST_AFTER_MS, config.LOG_RETENTION / 2),
  });
  return {
    events,
    async close() {
      await events.close();
      await duck.close();
    },
  };
}
