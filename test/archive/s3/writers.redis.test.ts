import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { DuckProcess, isFileGone } from '../../../src/adapters/duckdb/duck-process.ts';
import { fixedKeys } from '../../../src/adapters/s3/keys.ts';
import { S3Store } from '../../../src/adapters/s3/s3-store.ts';
import { EventArchive } from '../../../src/archive/event-archive.ts';
import { ArchiveFiles } from '../../../src/archive/files.ts';
import { ParquetWriter } from '../../../src/archive/parquet-writer.ts';
import { archived } from '../../../src/archive/sql.ts';
import { StoreFull } from '../../../src/ingestion/ports/headroom.ts';
import { recordBatchOf } from '../../../src/ingestion/ports/record-batch.ts';
import { Calendar } from '../../../src/time/calendar.ts';
import { duck } from '../../support/compare/duckdb.ts';
import { feedInto } from '../../support/core/feed.ts';
import { startRedis, type TestRedis } from '../../support/servers/redis-server.ts';
import { BUCKET, startS3, type TestS3 } from '../../support/servers/s3-server.ts';
import { eventually, silent, unique } from '../../support/system/system.ts';
import { ERASED_AT, recordsOfShop } from '../shop-records.ts';

const PARTITION = { topic: 'events', index: 0 } as const;
const EVERYTHING = recordsOfShop();

let redis: TestRedis;
let s3: TestS3;
const ends: (() => Promise<void>)[] = [];

beforeAll(async () => {
  [redis, s3] = await Promise.all([startRedis(), startS3()]);
});
afterAll(async () => {
  await redis.close();
  await s3.close();
});
afterEach(async () => {
  s3.proxy.passing = () => 'pass';
  for (const end of ends.splice(0)) await end();
});

/** A process that counts and archives from the beginning, with a state and a disk of its own: it knows of no other. */
async function writerOf(prefix: string, segmentBytes: number) {
  const dir = mkdtempSync(join(tmpdir(), 'cartpulse-writer-'));
  const environment = s3.environment(prefix);
  const store = new S3Store({
    settings: {
      bucket: BUCKET,
      endpoint: s3.proxy.endpoint,
      region: 'us-east-1',
      keys: fixedKeys({ accessKey: environment['ARCHIVE_S3_ACCESS_KEY'] ?? '', secretKey: s3.secret }),
      pathStyle: true,
      attempts: 2,
    },
    prefix: `${prefix}/`,
    cacheDir: join(dir, 'cache'),
    cacheBytes: 16 * 1_048_576,
  });
  const files = new ArchiveFiles(store);
  const sql = new DuckProcess(['SET threads = 1', "SET TimeZone = 'UTC'"]);
  const writer = new ParquetWriter({ files, sql, isStale: isFileGone });
  const events = new EventArchive({
    files,
    writer,
    waitingDir: join(dir, 'waiting'),
    log: 'test',
    calendar: new Calendar('UTC'),
    days: 0,
    logger: silent,
    now: () => Date.now(),
    segmentBytes,
  });
  const { worker, close } = feedInto(redis.url, unique(), { muted: true, archive: events });
  await worker.claim(PARTITION);
  ends.push(async () => {
    close();
    await events.close();
    await sql.close();
    rmSync(dir, { recursive: true, force: true });
  });
  const rows = (): Promise<{ rows: number; places: number; last: number }> =>
    files.list().then((list) =>
      files.read(list, async (sourceOf) => {
        const table = archived(list.map(sourceOf));
        const asked = `SELECT count(*) AS rows, count(DISTINCT position) AS places, max(position) AS last FROM (${table})`;
        const { rows: found } = await sql.query(asked);
        return {
          rows: Number(found[0]?.['rows']),
          places: Number(found[0]?.['places']),
          last: Number(found[0]?.['last']),
        };
      }),
    );
  return { worker, events, writer, rows, waiting: () => readdirSync(join(dir, 'waiting', 'test', 'events-0')) };
}

type Writer = Awaited<ReturnType<typeof writerOf>>;

async function count({ worker, events }: Writer, unit: number, flushEvery: number): Promise<void> {
  let flushed = 0;
  for (let at = 0; at < EVERYTHING.length; at += unit) {
    await worker.process(PARTITION, recordBatchOf(EVERYTHING.slice(at, at + unit)));
    if (at - flushed >= flushEvery) {
      flushed = at;
      await events.flush();
    }
  }
  await events.flush();
}

const onDisk = (prefix: string): string => join(s3.folderOf(prefix), 'date=*', 'partition=*', '*.parquet');

test('two writers that both believe they own a partition write each event once, and leave nobody in who was erased', async () => {
  const prefix = unique();
  const [one, other] = [await writerOf(prefix, 60_000), await writerOf(prefix, 90_000)];
  await Promise.all([count(one, 100, 300), count(other, 70, 450)]);
  const whole = { rows: EVERYTHING.length - 1, places: EVERYTHING.length - 1, last: EVERYTHING.length - 1 };
  expect(await one.rows()).toEqual(whole);
  // While one merges the other does as well.
  await Promise.allSettled([one.writer.merge('9999-12-31'), other.writer.merge('9999-12-31')]);
  await one.writer.merge('9999-12-31');
  expect(await one.rows()).toEqual(whole);
  const [raw] = await duck(`SELECT count(*) AS rows, count(DISTINCT position) AS places FROM '${onDisk(prefix)}'`);
  expect(raw).toEqual({ rows: whole.rows, places: whole.places });
  const erased = JSON.parse(Buffer.from(EVERYTHING[0]?.value ?? []).toString()).user_id;
  const [named] = await duck(
    `SELECT count(*) AS n FROM '${onDisk(prefix)}' WHERE visitor = '${erased}' AND position < ${ERASED_AT}`,
  );
  expect(named).toEqual({ n: 0 });
});

test('what a writer brings late, from between what others have merged, is not taken for a part of that', async () => {
  const prefix = unique();
  const { writer, rows } = await writerOf(prefix, 60_000);
  const dir = mkdtempSync(join(tmpdir(), 'cartpulse-late-'));
  const write = async (from: number, to: number): Promise<void> => {
    const path = join(dir, `${from}.jsonl`);
    const row = (p: number): string =>
      JSON.stringify({ p, d: '2026-11-20', t: p, a: p, e: `e${p}`, n: 'page_view', u: 'v' });
    writeFileSync(path, `${Array.from({ length: to - from }, (_, i) => row(from + i)).join('\n')}\n`);
    await writer.write({ path, partition: 'events-0', log: 'test', from, to });
  };
  const names = (): string[] => s3.names(prefix).filter((name) => !name.includes('.control'));
  for (const from of [0, 10, 30, 40]) await write(from, from + 10);
  await writer.merge('9999-12-31');
  expect(names()).toHaveLength(2);
  await write(20, 30);
  expect(await rows()).toEqual({ rows: 50, places: 50, last: 49 });
  await writer.merge('9999-12-31');
  expect(await rows()).toEqual({ rows: 50, places: 50, last: 49 });
  expect(names()).toHaveLength(1);
  // Redis went back: what is counted again is written from where the archive ends.
  await write(40, 70);
  expect(await rows()).toEqual({ rows: 70, places: 70, last: 69 });
  expect(names().map((name) => /-0*(\d+)-0*(\d+)\.parquet$/.exec(name)?.slice(1))).toContainEqual(['50', '70']);
  rmSync(dir, { recursive: true, force: true });
});

test('while S3 is away as much waits as may, then counting pauses and says why; when it is back all is archived, once', async () => {
  const prefix = unique();
  const writer = await writerOf(prefix, 4_000);
  await writer.events.start();
  s3.proxy.passing = () => 'slow-down';
  let at = 0;
  /** Counts the next records: an erasure among them stands alone, so that what follows it may be refused by itself. */
  const take = async (): Promise<void> => {
    const counted = await writer.worker.process(PARTITION, recordBatchOf(EVERYTHING.slice(at, at + 50)));
    at = Number(counted);
  };
  let refusal: unknown;
  while (refusal === undefined && at < EVERYTHING.length) {
    refusal = await take().then(
      () => undefined,
      (error: unknown) => error,
    );
    await sleep(50);
  }
  expect(refusal).toBeInstanceOf(StoreFull);
  // Some thousand events went on being counted meanwhile.
  expect(at).toBeGreaterThan(500);
  await eventually('it says why', async () => {
    await take().catch(() => undefined);
    return /the archive cannot be written \(S3 answers SlowDown/.test(writer.events.full() ?? '');
  });
  expect(writer.waiting().length).toBeLessThan(20);
  expect(s3.names(prefix)).toEqual([]);
  s3.proxy.passing = () => 'pass';
  while (at < EVERYTHING.length)
    await eventually(
      'room',
      () =>
        take().then(
          () => true,
          () => false,
        ),
      30_000,
    );
  await writer.events.flush();
  const all = EVERYTHING.length - 1;
  expect(await writer.rows()).toEqual({ rows: all, places: all, last: all });
  expect(writer.waiting()).toEqual([]);
});
