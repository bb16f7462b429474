import { DuckProcess, isFileGone } from '../../adapters/duckdb/duck-process.ts';
import { ArchiveReader } from '../../archive/archive-reader.ts';
import type { EventArchive } from '../../archive/event-archive.ts';
import { ArchiveFiles } from '../../archive/files.ts';
import { quoted } from '../../archive/sql.ts';
import type { ArchiveStore } from '../../archive/store.ts';
import type { Config } from '../../config.ts';

export interface OpenReader {
  readonly reader: ArchiveReader;
  close(): Promise<void>;
}

/** So often what is kept of a bucket is held against it: who was erased there goes here as well. */
const LOOK_MS = 3_600_000;

/**
 * Asks the archive through a DuckDB that can read its folder (of one in S3 the folder of what was brought) and nothing else: no other file, no network, no extension;
 * its settings are locked.
 */
export function openReader(config: Config, archive: EventArchive | undefined, store: ArchiveStore): OpenReader {
  const duck = new DuckProcess([
    `SET memory_limit = ${quoted(config.EXPLORE_MEMORY)}`,
    'SET threads = 2',
    "SET TimeZone = 'UTC'",
    // What does not fit into memory is refused: there is no place for it on a disk.
    "SET temp_directory = ''",
    'SET autoinstall_known_extensions = false',
    'SET autoload_known_extensions = false',
    'SET allow_community_extensions = false',
    `SET allowed_directories = [${quoted(`${store.root}/`)}]`,
    'SET enable_external_access = false',
    'SET lock_configuration = true',
  ]);
  const files = new ArchiveFiles(store);
  const reader = new ArchiveReader({
    files,
    run: (sql, options) => duck.query(sql, { ...options, timeoutMs: config.EXPLORE_TIMEOUT }),
    flush: async () => archive?.flush(),
    now: () => Date.now(),
    timeoutMs: config.EXPLORE_TIMEOUT,
    isStale: isFileGone,
  });
  const look = setInterval(
    () => void Promise.all([files.list(), files.control.list()]).catch(() => undefined),
    LOOK_MS,
  );
  look.unref();
  return {
    reader,
    async close() {
      clearInterval(look);
      await duck.close();
    },
  };
}
