import { resolve } from 'node:path';
import { DuckProcess, isFileGone } from '../../adapters/duckdb/duck-process.ts';
import { ArchiveReader } from '../../archive/archive-reader.ts';
import type { EventArchive } from '../../archive/event-archive.ts';
import { ArchiveFiles } from '../../archive/files.ts';
import { quoted } from '../../archive/sql.ts';
import type { Config } from '../../config.ts';
import { archiveDirOf } from './places.ts';

export interface OpenReader {
  readonly reader: ArchiveReader;
  close(): Promise<void>;
}

/**
 * Asks the archive through a DuckDB that can read the archive's folder and nothing else: no other file, no network, no extension;
 * its settings are locked.
 */
export function openReader(config: Config, archive: EventArchive | undefined): OpenReader {
  const root = resolve(archiveDirOf(config));
  const duck = new DuckProcess([
    `SET memory_limit = ${quoted(config.EXPLORE_MEMORY)}`,
    'SET threads = 2',
    "SET TimeZone = 'UTC'",
    // What does not fit into memory is refused: there is no place for it on a disk.
    "SET temp_directory = ''",
    'SET autoinstall_known_extensions = false',
    'SET autoload_known_extensions = false',
    'SET allow_community_extensions = false',
    `SET allowed_directories = [${quoted(`${root}/`)}]`,
    'SET enable_external_access = false',
    'SET lock_configuration = true',
  ]);
  const reader = new ArchiveReader({
    files: new ArchiveFiles(root),
    run: (sql, options) => duck.query(sql, { ...options, timeoutMs: config.EXPLORE_TIMEOUT }),
    flush: async () => archive?.flush(),
    now: () => Date.now(),
    isStale: isFileGone,
  });
  return { reader, close: () => duck.close() };
}
