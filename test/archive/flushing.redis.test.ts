import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FolderStore } from '../../src/adapters/archive-folder/folder-store.ts';
import { DuckProcess } from '../../src/adapters/duckdb/duck-process.ts';
import { EventArchive } from '../../src/archive/event-archive.ts';
import { ArchiveFiles } from '../../src/archive/files.ts';
import { ParquetWriter } from '../../src/archive/parquet-writer.ts';
import { recordBatchOf } from '../../src/ingestion/ports/record-batch.ts';
import type { UnitArchive } from '../../src/ingestion/ports/unit-archive.ts';
import { Calendar } from '../../src/time/calendar.ts';
import { feedInto } from '../support/core/feed.ts';
import { startRedis, type TestRedis } from '../support/servers/redis-server.ts';
import { silent } from '../support/system/system.ts';
import { recordsOfShop } from './shop-records.ts';

let redis: TestRedis;
const dir = mkdtempSync(join(tmpdir(), 'cartpulse-flushing-'));

beforeAll(async () => {
  redis = await startRedis();
});

afterAll(async () => {
  await redis.close();
  rmSync(dir, { recursive: true, force: true });
});

test('who asks gets a unit whose commit Redis has done, though its owner has not heard so yet', async () => {
  const files = new ArchiveFiles(new FolderStore(join(dir, 'archive')));
  const duck = new DuckProcess(['SET threads = 1', "SET TimeZone = 'UTC'"]);
  const events = new EventArchive({
    files,
    writer: new ParquetWriter({ files, sql: duck }),
    waitingDir: join(dir, 'waiting'),
    log: 'test',
    calendar: new Calendar('UTC'),
    days: 0,
    logger: silent,
    now: () => Date.now(),
  });
  const hearingLate: UnitArchive = {
    standsAt: (partition, position) => events.standsAt(partition, position),
    isInDoubt: (partition) => events.isInDoubt(partition),
    open(partition, columns, records) {
      const rows = events.open(partition, columns, records);
      const commit = rows.commit.bind(rows);
      return Object.assign(rows, { commit: () => void setTimeout(commit, 100) });
    },
  };
  const { worker, close } = feedInto(redis.url, 'flushing', { muted: true, archive: hearingLate });
  const partition = { topic: 'events', index: 0 } as const;
  const records = recordsOfShop().slice(0, 100);
  await worker.claim(partition);
  await worker.process(partition, recordBatchOf(records));
  await events.flush();
  expect(Math.max(...(await files.list()).map(({ to }) => to))).toBe(records.length);
  close();
  await events.close();
  await duck.close();
});
