import { afterAll, beforeAll, expect, test } from 'vitest';
import { RedisImportJournal } from '../../src/adapters/redis/imports/import-journal.ts';
import { Keyspace } from '../../src/metrics/keyspace.ts';
import { startRedis, type TestRedis } from '../support/servers/redis-server.ts';
import { type Json, startSystem, type TestSystem, unique } from '../support/system/system.ts';

const HEADER = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country';
const DECEMBER = 'from=2010-12-01&to=2010-12-31&currency=GBP';
const row = (invoice: string, description = 'D') => `${invoice},A,${description},1,12/1/2010 8:26,1.00,${invoice},UK`;
const csv = (lines: readonly string[]) => [HEADER, ...lines, ''].join('\n');

let redis: TestRedis;
let system: TestSystem;
beforeAll(async () => {
  redis = await startRedis();
  system = await startSystem(redis.url);
  await system.startCounting();
});
afterAll(async () => {
  await system.close();
  await redis.close();
});

const orders = async (): Promise<number> => {
  await system.settled();
  return (await system.get(`/v1/revenue?${DECEMBER}`)).orders;
};

test('of a file that breaks far behind, nothing is counted; repaired, it is counted once', async () => {
  const rows = Array.from({ length: 5_000 }, (_, i) => row(`r${i}`));
  const before = await orders();
  const broken = await system.importFile('online-retail', csv(rows.with(3_000, row('r3000', '"BROKEN'))));
  const body: Json = await broken.json();
  expect([broken.status, body.errors[0].path]).toEqual([400, 'line 3002']);
  expect(await orders()).toBe(before);
  const [failed] = await system.get('/v1/imports?limit=1');
  expect(failed).toMatchObject({ state: 'failed', problem: expect.stringContaining('line 3002') });

  const repaired = await system.importFile('online-retail', csv(rows));
  expect(await repaired.json()).toMatchObject({ rows: 5_000, events: 5_000, rejected: 0 });
  expect(await orders()).toBe(before + 5_000);
});

test('what came of an import can be asked for afterwards', async () => {
  const later = row('two', 'x').replace('12/1/2010 8:26', '12/3/2010 9:00');
  const text = csv([later, row('one', '3 FOR £5'), 'Total,1']);
  const sent = await system.importFile('online-retail', Buffer.from(text, 'latin1'));
  const { meta, ...report }: Json = await sent.json();
  expect(meta).toMatchObject({ timezone: 'UTC' });
  expect(report).toMatchObject({ rows: 3, events: 2, rejected: 1 });
  expect([report.first_event_at, report.last_event_at]).toEqual([
    '2010-12-01T08:26:00+00:00',
    '2010-12-03T09:00:00+00:00',
  ]);
  expect(report.repaired).toEqual([{ line: 1, column: '', message: 'the file is not UTF-8; read as Windows-1252' }]);
  const entry = await system.get(`/v1/imports/${report.import_id}`);
  expect(entry).toEqual({
    import_id: report.import_id,
    format: 'online-retail',
    state: 'done',
    started_at: expect.any(String),
    finished_at: expect.any(String),
    progress: { rows: 3, of: 3 },
    report,
  });
  expect((await system.get('/v1/imports'))[0]).toEqual(entry);
});

test('an import whose process fell silent is shown as interrupted, and the newest thousand are kept', async () => {
  const clock = { ms: Date.now() };
  const journal = new RedisImportJournal(redis.client, new Keyspace(unique(), 1, 1), () => clock.ms);
  await journal.begin('imp-0', 'rees46');
  clock.ms += 15_001;
  expect((await journal.find('imp-0'))?.state).toBe('interrupted');
  for (let i = 1; i <= 1_000; i++) {
    clock.ms += 1;
    const entry = await journal.begin(`imp-${i}`, 'rees46');
    await entry.failed('no matter');
  }
  expect(await journal.find('imp-0')).toBeUndefined();
  expect((await journal.list(1_000)).map(({ import_id }) => import_id).at(-1)).toBe('imp-1');
});
