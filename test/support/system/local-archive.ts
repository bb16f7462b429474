import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FolderStore } from '../../../src/adapters/archive-folder/folder-store.ts';
import { DuckProcess } from '../../../src/adapters/duckdb/duck-process.ts';
import { CONTROL_COLUMNS } from '../../../src/archive/columns.ts';
import { EventArchive } from '../../../src/archive/event-archive.ts';
import { ArchiveFiles } from '../../../src/archive/files.ts';
import { ParquetWriter } from '../../../src/archive/parquet-writer.ts';
import { ArchiveReplay } from '../../../src/archive/replay/archive-replay.ts';
import { archived } from '../../../src/archive/sql.ts';
import { Calendar } from '../../../src/time/calendar.ts';
import { silent } from './system.ts';

/** Archives in folders of their own, by one DuckDB. */
export class LocalArchives {
  private readonly duck = new DuckProcess(['SET threads = 1', "SET TimeZone = 'UTC'"]);
  private readonly root = mkdtempSync(join(tmpdir(), 'cartpulse-archive-'));
  private opened = 0;

  open() {
    const dir = join(this.root, String(++this.opened));
    const files = new ArchiveFiles(new FolderStore(join(dir, 'archive')));
    const writer = new ParquetWriter({ files, sql: this.duck });
    const about = { log: 'test', calendar: new Calendar('UTC'), days: 0, logger: silent, now: () => Date.now() };
    const archive = new EventArchive({ files, writer, waitingDir: join(dir, 'waiting'), ...about });
    /** Writes what waits, and asks. @param sql of the tables of events and of the other records */
    const query = async (sql: (table: string, control: string) => string) => {
      await archive.flush();
      const [events, control] = [await files.list(), await files.control.list()];
      return files.read([...events, ...control], (sourceOf) =>
        this.duck.query(sql(archived(events.map(sourceOf)), archived(control.map(sourceOf), CONTROL_COLUMNS))),
      );
    };
    const context = { dimensions: [], storeCurrency: 'USD' };
    const replay = new ArchiveReplay({ files, sql: this.duck, isStale: () => false, ...context });
    return { archive, dir: join(dir, 'archive'), query, replay };
  }

  async close(): Promise<void> {
    await this.duck.close();
    rmSync(this.root, { recursive: true, force: true });
  }
}
