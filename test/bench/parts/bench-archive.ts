import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FolderStore } from '../../../src/adapters/archive-folder/folder-store.ts';
import { DuckProcess } from '../../../src/adapters/duckdb/duck-process.ts';
import { EventArchive } from '../../../src/archive/event-archive.ts';
import { ArchiveFiles } from '../../../src/archive/files.ts';
import { ParquetWriter } from '../../../src/archive/parquet-writer.ts';
import { Calendar } from '../../../src/time/calendar.ts';
import { silent } from '../../support/system/system.ts';

export interface BenchArchive {
  readonly events: EventArchive;
  readonly files: ArchiveFiles;
  readonly writer: ParquetWriter;
  bytes(of: 'waiting' | 'archive'): number;
  close(): Promise<void>;
}

/** An archive in a folder that goes when it is closed. @param segmentBytes of rows that become Parquet together */
export function openBenchArchive(segmentBytes?: number): BenchArchive {
  const dir = mkdtempSync(join(tmpdir(), 'cartpulse-archive-'));
  const files = new ArchiveFiles(new FolderStore(join(dir, 'archive')));
  const duck = new DuckProcess(["SET memory_limit = '512MB'", 'SET threads = 1', "SET TimeZone = 'UTC'"]);
  const writer = new ParquetWriter({ files, sql: duck });
  const events = new EventArchive({
    files,
    writer,
    waitingDir: join(dir, 'waiting'),
    log: 'bench',
    calendar: new Calendar('UTC'),
    days: 0,
    logger: silent,
    now: () => Date.now(),
    ...(segmentBytes !== undefined && { segmentBytes }),
  });
  return {
    events,
    files,
    writer,
    bytes: (of) => bytesUnder(join(dir, of)),
    async close() {
      await events.close();
      await duck.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

function bytesUnder(dir: string): number {
  const names = readdirSync(dir, { recursive: true, withFileTypes: true });
  return names
    .filter((name) => name.isFile())
    .reduce((sum, name) => sum + statSync(join(name.parentPath, name.name)).size, 0);
}
