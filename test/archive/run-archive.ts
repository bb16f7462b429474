import { join } from 'node:path';
import { FolderStore } from '../../src/adapters/archive-folder/folder-store.ts';
import { DuckProcess } from '../../src/adapters/duckdb/duck-process.ts';
import { fixedKeys } from '../../src/adapters/s3/keys.ts';
import { S3Store } from '../../src/adapters/s3/s3-store.ts';
import { EventArchive } from '../../src/archive/event-archive.ts';
import { ArchiveFiles } from '../../src/archive/files.ts';
import { ParquetWriter } from '../../src/archive/parquet-writer.ts';
import { recordBatchOf } from '../../src/ingestion/ports/record-batch.ts';
import type { UnitArchive } from '../../src/ingestion/ports/unit-archive.ts';
import { Calendar } from '../../src/time/calendar.ts';
import { feedInto } from '../support/core/feed.ts';
import { silent } from '../support/system/system.ts';
import { ERASED_AT, recordsOfShop } from './shop-records.ts';

/** Counts and archives a simulated shop from where the store stands, and dies at DIE_AT for the DIE_AFTERth time. */
const { REDIS_URL = '', KEY_PREFIX = '', DIR = '', DIE_AT: dieAt } = process.env;
let livesLeft = Number(process.env['DIE_AFTER'] ?? 1);
const UNIT = 100;

function passing(point: string): void {
  if (point !== dieAt) return;
  livesLeft -= 1;
  if (livesLeft <= 0) process.kill(process.pid, 'SIGKILL');
}

const { BUCKET: bucket, ENDPOINT: endpoint = '', ACCESS_KEY: accessKey = '', SECRET_KEY: secretKey = '' } = process.env;
const store =
  bucket === undefined
    ? new FolderStore(join(DIR, 'archive'))
    : new S3Store({
        settings: { bucket, endpoint, keys: fixedKeys({ accessKey, secretKey }), region: 'us-east-1', pathStyle: true },
        prefix: `${KEY_PREFIX}/`,
        cacheDir: join(DIR, 'cache'),
        cacheBytes: 16 * 1_048_576,
      });
const files = new ArchiveFiles(store);
const duck = new DuckProcess(['SET threads = 1', "SET TimeZone = 'UTC'"]);
const writer = new ParquetWriter({ files, sql: duck, onReached: passing });
const events = new EventArchive({
  files,
  writer,
  waitingDir: join(DIR, 'waiting'),
  log: 'test',
  calendar: new Calendar('UTC'),
  days: 0,
  logger: silent,
  now: () => Date.now(),
  segmentBytes: 60_000,
});
/** The archive as it is, but for a death between keeping and committing. */
const mortal: UnitArchive = {
  standsAt: (partition, position) => events.standsAt(partition, position),
  isInDoubt: (partition) => events.isInDoubt(partition),
  open(partition, columns, placeOf) {
    const rows = events.open(partition, columns, placeOf);
    const { keep, commit } = rows;
    return Object.assign(rows, {
      async keep() {
        await keep.call(rows);
        passing('kept');
      },
      commit() {
        passing('committed');
        commit.call(rows);
      },
    });
  },
};

const partition = { topic: 'events', index: 0 } as const;
const { worker, close } = feedInto(REDIS_URL, KEY_PREFIX, { muted: true, archive: mortal });
const records = recordsOfShop();
await writer.clean();
await writer.removeStale();
let position = Number(await worker.claim(partition));
while (position < records.length) {
  position = Number(await worker.process(partition, recordBatchOf(records.slice(position, position + UNIT))));
  if (position % 500 === 0) await events.flush();
}
await events.flush();
await writer.merge('9999-12-31');
process.stdout.write(`done ${ERASED_AT}\n`);
close();
await events.close();
await duck.close();
