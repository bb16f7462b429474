import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { connectRedis } from '../../../src/adapters/redis/client/connection.ts';
import { RedisImportJournal } from '../../../src/adapters/redis/imports/import-journal.ts';
import { RedisImportRegistry } from '../../../src/adapters/redis/imports/import-registry.ts';
import { RedisTakeBackStore } from '../../../src/adapters/redis/imports/take-back-store.ts';
import { TakeBacks } from '../../../src/imports/take-back/take-backs.ts';
import type { EventLog } from '../../../src/ingestion/ports/event-log.ts';
import { Keyspace } from '../../../src/metrics/keyspace.ts';
import { contentsOf } from '../compare/contents.ts';
import { REES46 } from '../compare/duckdb.ts';
import { answersIn } from '../fakes/contents.ts';
import type { TestRedis } from '../servers/redis-server.ts';
import { eventually, type Json, silent, startSystem, type TestSystem } from '../system/system.ts';

const lines = (...of: readonly string[]): string => [...of, ''].join('\n');

/** A small file of each format. */
export const FILES: readonly (readonly [format: string, file: () => string | Buffer])[] = [
  [
    'online-retail',
    () =>
      lines(
        'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country',
        '536365,85123A,"HEART, WHITE",6,12/1/2010 8:26,2.55,17850,United Kingdom',
        '536365,71053,LANTERN,2,12/1/2010 8:26,3.39,17850,United Kingdom',
        'C536379,85123A,"HEART, WHITE",-1,12/1/2010 9:41,2.55,17850,United Kingdom',
        '536390,22632,HAND WARMER,3,12/1/2010 10:19,1.85,13047,France',
      ),
  ],
  ['rees46', () => readFileSync(REES46)],
  [
    'retailrocket',
    () =>
      lines(
        'timestamp,visitorid,event,itemid,transactionid',
        '1433221332117,257597,view,355908,',
        '1433221340000,257597,addtocart,355908,',
        '1433221350000,257597,transaction,355908,4000',
        '1433221360000,992329,addtocart,248676,',
        '1433321360000,992329,view,248676,',
      ),
  ],
  [
    'shopify-orders',
    () =>
      lines(
        'Name,Email,Financial Status,Paid at,Currency,Subtotal,Shipping,Total,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Shipping City,Shipping Country,Cancelled at,Payment Method,Refunded Amount,Id,Tags',
        '#1,Ann@shop.example,paid,,EUR,25.00,4.90,29.90,2026-11-02 09:30:00 +0100,2,Mug,10.00,mug-1,Köln,DE,,Klarna,5.00,771,',
        '#1,Ann@shop.example,,,,,,,2026-11-02 09:30:00 +0100,1,Tea,5.00,,,,,,,,',
        '#2,ben@shop.example,paid,,EUR,10.00,0,10.00,2026-11-03 09:30:00 +0100,1,Mug,10.00,mug-1,Oslo,NO,,card,0.00,772,',
      ),
  ],
];

/** Of some chunks. */
const manyOrders = (): string =>
  lines(
    'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country',
    ...Array.from({ length: 2_000 }, (_, i) => `m${i},A${i % 9},MUG,1,12/1/2010 8:26,1.00,${i % 300},France`),
  );

const SUMS = new Set(['counter', 'ranking']);

export const askBack = async (system: TestSystem, importId: string): Promise<[status: number, body: Json]> => {
  const response = await system.request(`/v1/imports/${importId}`, { method: 'DELETE' });
  return [response.status, await response.json()];
};

export const isTakenBack = async (system: TestSystem, importId: string, timeoutMs?: number): Promise<void> => {
  const state = async (): Promise<string> => (await system.get(`/v1/imports/${importId}`)).state;
  await eventually('the import is taken back', async () => (await state()) === 'taken-back', timeoutMs);
  await system.settled();
};

/** Some live events, of users whom files know as well. */
async function live(system: TestSystem): Promise<void> {
  const now = Date.now();
  const users = ['17850', '257597', 'Ann@shop.example', 'zoe', 'ben'];
  const events = users.flatMap((user_id, i) => [
    { name: 'page_view', user_id, city: 'Oslo', timestamp: now - 50_000 + i },
    { name: 'view_item', user_id, city: 'Oslo', timestamp: now - 40_000 + i, items: [{ item_id: 'mug-1' }] },
    { name: 'add_to_cart', user_id, timestamp: now - 30_000 + i, items: [{ item_id: 'mug-1', price: 9 }] },
    { name: 'purchase', user_id, timestamp: now - 20_000 + i, transaction_id: `live-${i}`, value: 9, currency: 'EUR' },
  ]);
  expect((await system.post(events)).status).toBe(202);
  await system.settled();
}

/** For both event logs. */
export function takenBackSuite(redis: () => TestRedis, environment: () => Readonly<Record<string, string>>): void {
  const answers = async (system: TestSystem, kinds?: Set<string>) =>
    answersIn(await contentsOf(redis().client, system.prefix), kinds);

  test('files of each format are imported beside live events, and taken back: nothing of them is left, and they count again', async () => {
    const system = await startSystem(redis().url, environment());
    await system.startCounting();
    await live(system);
    for (const [format, file] of FILES) {
      const without = await answers(system);
      const sent: Json = await (await system.importFile(format, file())).json();
      await system.settled();
      const sums = await answers(system, SUMS);
      expect([format, sums.size]).not.toEqual([format, (await answers(system)).size]);
      const [status, body] = await askBack(system, sent.import_id);
      expect([status, body.data]).toMatchObject([202, { import_id: sent.import_id, report: { events: sent.events } }]);
      expect(['taking-back', 'taken-back']).toContain(body.data.state);
      await isTakenBack(system, sent.import_id);
      expect([format, await answers(system)]).toEqual([format, without]);

      const [again, standing] = await askBack(system, sent.import_id);
      expect([again, standing.data.state]).toEqual([202, 'taken-back']);
      const counted: Json = await (await system.importFile(format, file())).json();
      expect(counted).toMatchObject({
        events: sent.events,
        import_id: expect.not.stringMatching(`${sent.import_id}$`),
      });
      await system.settled();
      expect([format, await answers(system, SUMS)]).toEqual([format, sums]);
      await askBack(system, counted.import_id);
      await isTakenBack(system, counted.import_id);
    }
    const listed: Json = await system.get('/v1/imports?limit=100');
    expect(listed.map(({ state }: Json) => state)).toEqual(FILES.flatMap(() => ['taken-back', 'taken-back']));
    expect((await system.get('/v1/pipeline')).events).toBe(5 * 4);
    await system.close();
  });

  test('where a process is killed on the way another goes on, and each record is taken back once', async () => {
    const system = await startSystem(redis().url, environment());
    await system.startCounting();
    await live(system);
    const without = await answers(system);
    const sent: Json = await (await system.importFile('online-retail', manyOrders())).json();
    await system.settled();
    const dying = connectRedis(redis().url);
    const store = storeOn(system, dying);
    // Whoever else looks for what is to be done comes too late.
    await store.lease(sent.import_id).take();
    const counting = (await store.known(sent.import_id))?.counting;
    if (counting === undefined) throw new Error('it is not known by what the import was counted');
    await new Promise<void>((hung) => {
      const log = hangingAfter(system.system.log, 1, hung);
      const takeBacks = new TakeBacks({
        log,
        store,
        dailyDays: 400,
        counting,
        now: () => Date.now(),
        logger: silent,
      });
      void takeBacks.ask(sent.import_id).then(({ outcome }) => expect(outcome).toBe('taken-up'));
    });
    // It says no more that it is at work.
    dying.disconnect();
    await system.settled();
    const { state, progress }: Json = await system.get(`/v1/imports/${sent.import_id}`);
    expect([state, progress]).toEqual(['taking-back', { rows: expect.any(Number), of: expect.any(Number) }]);
    expect([progress.rows > 0, progress.rows < progress.of]).toEqual([true, true]);
    const refused = await system.importFile('online-retail', manyOrders());
    const problem: Json = await refused.json();
    expect([refused.status, problem.type]).toEqual([409, expect.stringMatching(/import-taking-back$/)]);
    await isTakenBack(system, sent.import_id, 200_000);
    expect(await answers(system)).toEqual(without);
    await system.close();
  }, 280_000);
}

/** As another process has it. */
function storeOn({ prefix }: TestSystem, redis: ReturnType<typeof connectRedis>): RedisTakeBackStore {
  const keyspace = new Keyspace(prefix, 1, 1);
  const now = () => Date.now();
  const journal = new RedisImportJournal(redis, keyspace, now);
  const registry = new RedisImportRegistry(redis, keyspace, now);
  return new RedisTakeBackStore({ redis, keyspace, journal, registry, now, leaseMs: 8_000 });
}

/** A log that takes some chunks, then a part of the next, and never answers: as a process that is killed sees it. */
function hangingAfter(log: EventLog, chunks: number, hung: () => void): EventLog {
  let appended = 0;
  const append: EventLog['append'] = async (records) => {
    // The first is the closing of the import's own lane.
    appended += 1;
    if (appended <= chunks + 1) return log.append(records);
    await log.append(records.filter(({ partition }) => partition.index % 2 === 0));
    hung();
    await sleep(0);
    return new Promise(() => undefined);
  };
  return Object.assign(Object.create(log), { append });
}
