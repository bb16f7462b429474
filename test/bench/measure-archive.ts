import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FolderStore } from '../../src/adapters/archive-folder/folder-store.ts';
import { DuckProcess } from '../../src/adapters/duckdb/duck-process.ts';
import { EventArchive } from '../../src/archive/event-archive.ts';
import { funnelSql } from '../../src/archive/explore/funnel.ts';
import { retentionSql } from '../../src/archive/explore/retention.ts';
import { ArchiveFiles } from '../../src/archive/files.ts';
import { ParquetWriter } from '../../src/archive/parquet-writer.ts';
import { archived } from '../../src/archive/sql.ts';
import { recordBatchOf } from '../../src/ingestion/ports/record-batch.ts';
import { Shop } from '../../src/simulator/shop.ts';
import { Calendar } from '../../src/time/calendar.ts';
import { feedInto, record } from '../support/core/feed.ts';
import { startRedis } from '../support/servers/redis-server.ts';
import { silent, unique } from '../support/system/system.ts';

/** `npm run bench:archive`: a year of a simulated shop, counted and archived; then what people ask of it. */
const EVENTS = Number(process.env['BENCH_EVENTS'] ?? 10_000_000);
/** As busy a shop, however many events are asked for. */
const DAYS = Math.max(2, Math.round((365 * EVENTS) / 10_000_000));
const DAY_MS = 86_400_000;
const BATCH = 20_000;
const RUNS = 3;

const dir = mkdtempSync(join(tmpdir(), 'cartpulse-archive-'));
const files = new ArchiveFiles(new FolderStore(join(dir, 'archive')));
const writing = new DuckProcess(["SET memory_limit = '512MB'", 'SET threads = 1', "SET TimeZone = 'UTC'"]);
const writer = new ParquetWriter({ files, sql: writing });
const calendar = new Calendar('UTC');
const parts = { files, writer, waitingDir: join(dir, 'waiting'), log: 'bench', calendar, days: 0, logger: silent };
const archive = new EventArchive({ ...parts, now: () => Date.now() });
const redis = await startRedis();
const shop = new Shop({ seed: 5, products: 5_000, sessions: 3_000 });
const partition = { topic: 'events', index: 0 } as const;
const { worker, close } = feedInto(redis.url, unique(), { muted: true, archive });
const start = Math.floor(Date.now() / DAY_MS) * DAY_MS - DAYS * DAY_MS;

let count = 0;
await worker.claim(partition);
const began = performance.now();
while (count < EVENTS) {
  const records: ReturnType<typeof record>[] = [];
  while (records.length < BATCH) {
    const at = start + Math.floor(((count + records.length) / EVENTS) * DAYS * DAY_MS);
    for (const event of shop.next(at))
      if (event['user_id'] !== undefined) records.push(record(count + records.length, event, at));
  }
  await worker.process(partition, recordBatchOf(records));
  count += records.length;
  if (count % 500_000 < BATCH) {
    await archive.flush();
    tell(`${count} events in ${seconds(began)} s`);
  }
}
await archive.flush();
close();
await redis.close();
const merging = performance.now();
await writer.merge('9999-12-31');
const bytes = bytesUnder(files.store.root);
tell(`${count} events: ${(bytes / count).toFixed(1)} bytes each in Parquet; merged in ${seconds(merging)} s`);
await writing.close();

const reading = new DuckProcess(["SET memory_limit = '1GB'", 'SET threads = 2', "SET TimeZone = 'UTC'"]);
const table = await files.read(await files.list(), async (sourceOf) => archived((await files.list()).map(sourceOf)));
const [from, to] = [start, start + DAYS * DAY_MS].map((ms) => calendar.at(ms).day) as [string, string];
const steps = ['view_item', 'add_to_cart', 'purchase'].map((name) => ({ name }));
const asked = { steps, windowMs: undefined, breakdown: [], from, to };
await measure('funnel of three steps by visitor', funnelSql(table, { ...asked, by: 'visitor' }));
await measure('funnel of three steps by session', funnelSql(table, { ...asked, by: 'session' }));
for (const interval of ['day', 'week', 'month'] as const)
  await measure(`retention of a year by ${interval}`, retentionSql(table, { cohort: 'visit', interval, from, to }));
await reading.close();
await archive.close();
rmSync(dir, { recursive: true, force: true });

async function measure(what: string, sql: string): Promise<void> {
  const took: string[] = [];
  for (let run = 0; run < RUNS; run++) {
    const asking = performance.now();
    await reading.query(sql);
    took.push(seconds(asking));
  }
  tell(`${what}: ${took.join(', ')} s`);
}

function tell(line: string): void {
  process.stdout.write(`${line}\n`);
}

function seconds(since: number): string {
  return ((performance.now() - since) / 1_000).toFixed(2);
}

function bytesUnder(of: string): number {
  const names = readdirSync(of, { recursive: true, withFileTypes: true });
  return names
    .filter((name) => name.isFile())
    .reduce((sum, name) => sum + statSync(join(name.parentPath, name.name)).size, 0);
}
