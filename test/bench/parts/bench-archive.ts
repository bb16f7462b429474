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

/** An archive that says, when it is closed, how many bytes it took and how long writing Parquet did. */
export async function openBenchArchive(): Promise<{ events: EventArchive; close(): Promise<void> }> {
  const dir = mkdtempSync(join(tmpdir(), 'cartpulse-archive-'));
  const files = new ArchiveFiles(new FolderStore(join(dir, 'archive')));
  const duck = new DuckProcess(["SET memory_limit = '512MB'", 'SET threads = 1', "SET TimeZone = 'UTC'"]);
  const events = new EventArchive({
    files,
    writer: new ParquetWriter({ files, sql: duck }),
    waitingDir: join(dir, 'waiting'),
    log: 'bench',
    calendar: new Calendar('UTC'),
    days: 0,
    logger: silent,
    now: () => Date.now(),
  });
  await events.start();
  return {
    events,
    async close() {
      const waiting = bytesUnder(join(dir, 'waiting'));
      const began = performance.now();
      await events.flush();
      const seconds = (performance.now() - began) / 1_000;
      const parquet = bytesUnder(join(dir, 'archive'));
      process.stdout.write(
        `waiting ${waiting} bytes, then written in ${seconds.toFixed(1)} s; Parquet ${parquet} bytes\n`,
      );
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
