import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { connectRedis, type RedisClient } from '../../src/adapters/redis/client/connection.ts';
import { RedisImportRegistry } from '../../src/adapters/redis/installation/import-registry.ts';
import { importFormats } from '../../src/imports/formats/index.ts';
import { Importer } from '../../src/imports/importer.ts';
import { Acceptor } from '../../src/ingestion/acceptor.ts';
import type { EventLog } from '../../src/ingestion/ports/event-log.ts';
import { Keyspace } from '../../src/metrics/keyspace.ts';
import { runSimulator } from '../../src/simulator/run-simulator.ts';
import { Calendar } from '../../src/time/calendar.ts';
import { expectNear } from './compare.ts';
import { duck, ONLINE_RETAIL, REES46, RETAIL } from './duck.ts';
import { MemoryImportJournal } from './memory/import-journal.ts';
import type { TestRedis } from './redis-server.ts';
import { type Json, silent, startSystem, type TestSystem } from './system.ts';

const DECEMBER = 'from=2010-12-01&to=2010-12-31';
const OCTOBER = 'from=2019-10-01&to=2019-10-01';

export async function checkRetail({ get }: TestSystem): Promise<void> {
  const [total] = await duck(
    `${RETAIL} SELECT count(DISTINCT invoice) AS orders, sum(quantity) AS units, sum(pence) AS pence FROM lines WHERE NOT refund`,
  );
  const [returned] = await duck(`${RETAIL} SELECT sum(pence) AS pence FROM lines WHERE refund`);
  const revenue: Json = await get(`/v1/revenue?${DECEMBER}&currency=GBP&interval=day`);
  expect(total?.['orders']).toBeGreaterThan(1_000);
  expect(revenue).toMatchObject({ currency: 'GBP', orders: total?.['orders'], units: total?.['units'] });
  expect(Math.round(revenue.revenue * 100)).toBe(total?.['pence']);
  expect(Math.round(revenue.refunds * 100)).toBe(returned?.['pence']);

  const columns = { revenue: 'sum(pence)', units: 'sum(quantity)', orders: 'count(DISTINCT invoice)' };
  for (const [by, score] of Object.entries(columns)) {
    const exact = await duck(
      `${RETAIL} SELECT item, ${score} AS score FROM lines WHERE NOT refund GROUP BY item ORDER BY score DESC, item LIMIT 20`,
    );
    const top: Json = await get(`/v1/products/popular?by=${by}&currency=GBP&limit=20&${DECEMBER}`);
    const scale = by === 'revenue' ? 100 : 1;
    expect(top.map((row: Json) => [row.item_id, Math.round(row.score * scale)])).toEqual(
      exact.map((row) => [String(row['item']), row['score']]),
    );
    expect(top.every((row: Json) => row.item_name !== null)).toBe(true);
  }

  const countries = await duck(
    `${RETAIL} SELECT country, count(DISTINCT invoice) AS orders FROM lines WHERE NOT refund GROUP BY country ORDER BY orders DESC, country`,
  );
  const cities: Json = await get(`/v1/cities?rank_by=orders&limit=1000&currency=GBP&${DECEMBER}`);
  expect(cities.filter((row: Json) => row.orders > 0).map((row: Json) => [row.city, row.orders])).toEqual(
    countries.map((row) => [row['country'], row['orders']]),
  );

  const [users] = await duck(`${RETAIL} SELECT count(DISTINCT customer) AS users FROM lines`);
  const engagement: Json = await get(`/v1/engagement?${DECEMBER}`);
  expect(Math.abs(engagement.active_users - Number(users?.['users']))).toBeLessThanOrEqual(
    0.03 * Number(users?.['users']),
  );
}

async function checkRees46({ get }: TestSystem): Promise<void> {
  const rows = `read_csv('${REES46}', header = true, all_varchar = true)`;
  const types = await duck(
    `SELECT event_type AS type, count(*) AS n FROM (SELECT DISTINCT ON (event_type, product_id, user_session, event_time, CASE WHEN event_type = 'purchase' THEN 0 ELSE rowid END) event_type FROM (SELECT *, row_number() OVER () AS rowid FROM ${rows})) GROUP BY type`,
  );
  const counts = new Map(types.map((row) => [row['type'], row['n']]));
  const frequencies: Json = await get(`/v1/events/frequencies?${OCTOBER}`);
  const named = new Map(frequencies.map((row: Json) => [row.name, row.count]));
  expect(['view_item', 'add_to_cart', 'purchase'].map((name) => named.get(name))).toEqual(
    ['view', 'cart', 'purchase'].map((type) => counts.get(type)),
  );

  // Plain walk over the file in its order: how far did each session get?
  const events = await duck(`SELECT event_type AS type, user_id || '/' || user_session AS session FROM ${rows}`);
  const stages = ['view', 'cart', 'purchase'];
  const reached = new Map<unknown, number>();
  for (const { type, session } of events) {
    const at = reached.get(session) ?? 0;
    reached.set(session, stages[at] === type ? at + 1 : at);
  }
  const atLeast = (n: number): number => [...reached.values()].filter((far) => far >= n).length;
  const funnel: Json = await get(`/v1/funnel?funnel=quick&${OCTOBER}`);
  expect(funnel.stages.map((stage: Json) => stage.count)).toEqual([0, 1, 2, 3].map(atLeast));
  expect(atLeast(1)).toBeGreaterThan(300);
  // When the import closes, carts still open move to the live lane, whose time is far beyond their deadline.
  const actions = await duck(`SELECT event_type AS type, user_id AS user FROM ${rows}`);
  const open = new Set<unknown>();
  const carts = { carts: 0, purchased: 0 };
  for (const { type, user } of actions) {
    if (type === 'cart' && !open.has(user)) carts.carts += 1;
    if (type === 'cart') open.add(user);
    if (type === 'purchase' && open.delete(user)) carts.purchased += 1;
  }
  expect(await get(`/v1/abandonment?${OCTOBER}`)).toMatchObject({
    ...carts,
    open: 0,
    abandoned: carts.carts - carts.purchased,
  });
  expect(carts.carts).toBeGreaterThan(0);

  const [sums] = await duck(
    `SELECT count(DISTINCT user_id) AS users, count(DISTINCT user_session) AS sessions FROM ${rows}`,
  );
  const engagement: Json = await get(`/v1/engagement?${OCTOBER}`);
  expect(engagement.sessions).toBe(sums?.['sessions']);
  expectNear(engagement.active_users, Number(sums?.['users']));
  const top = await duck(
    `SELECT product_id AS item, count(*) AS n FROM ${rows} WHERE event_type = 'view' GROUP BY item ORDER BY n DESC, item LIMIT 20`,
  );
  const popular: Json = await get(`/v1/products/popular?limit=20&${OCTOBER}`);
  expect(popular.map((row: Json) => [row.item_id, row.score])).toEqual(
    top.map((row) => [String(row['item']), row['n']]),
  );
}

/** Both files, alone and while a simulated shop is live: one suite for both event logs. */
export function importSuite(redisUrl: () => string, environment: () => Readonly<Record<string, string>>): void {
  test.each([
    { beside: 'alone', simulated: 0 },
    { beside: 'while simulated live traffic runs beside it', simulated: 300 },
  ])('imported files give the answers of an exact count, $beside', async ({ simulated }) => {
    const system = await startSystem(redisUrl(), environment());
    await system.startCounting();
    const simulator =
      simulated > 0 ? runSimulator(system.system.acceptor(), simulated, 5, () => Date.now(), silent) : undefined;
    const retail = await system.importFile('online-retail', readFileSync(ONLINE_RETAIL));
    const report: Json = await retail.json();
    const [lines] = await duck(`${RETAIL} SELECT count(*) AS n FROM lines`);
    expect([retail.status, report.rows, report.rows - report.rejected]).toEqual([200, 42_481, lines?.['n']]);
    expect(report.errors[0]).toMatchObject({
      column: expect.any(String),
      message: expect.stringContaining('not a sale'),
    });
    const rees46 = await system.importFile('rees46', readFileSync(REES46));
    expect(await rees46.json()).toMatchObject({ rows: 1_000, events: 1_000, rejected: 0 });
    await simulator?.stop();
    await system.settled();
    await checkRetail(system);
    await checkRees46(system);
    if (simulated > 0) expect((await system.get('/v1/engagement')).events).toBeGreaterThan(100);
    const again = await system.importFile('rees46', readFileSync(REES46));
    const known: Json = await again.json();
    expect([again.status, known.import_id]).toEqual([409, expect.stringMatching(/^imp-/)]);
    const forced = await system.importFile('rees46', readFileSync(REES46), '?force=true');
    expect(forced.status).toBe(200);
    await system.settled();
    const twice: Json = await system.get(`/v1/events/frequencies?${OCTOBER}`);
    expect(twice.find((row: Json) => row.name === 'view_item').count).toBe(2 * 987);
    await system.close();
  });
}

/** A log that takes the first chunk, then a part of the next, and never answers: as a process that is killed sees it. */
function cutOffAfter(log: EventLog, chunks: number, hung: () => void): EventLog {
  let appended = 0;
  const append: EventLog['append'] = async (records) => {
    appended += 1;
    if (appended <= chunks) return log.append(records);
    await log.append(records.filter(({ partition }) => partition.index % 2 === 0));
    hung();
    return new Promise(() => undefined);
  };
  return Object.assign(Object.create(log), { append });
}

interface CutOff {
  /** It does not see what the one before has appended without saying so. */
  readonly blind?: boolean;
  readonly beforehand?: (system: TestSystem) => Promise<unknown>;
  /** What happens before it is gone on with, and where it is. */
  readonly meanwhile?: (system: TestSystem, importId: string) => Promise<TestSystem>;
}

/** An import that was cut off, and gone on with by another process. */
export async function cutOffImport(
  redis: TestRedis,
  environment: Readonly<Record<string, string>>,
  { blind = false, beforehand = async () => undefined, meanwhile = async (system) => system }: CutOff = {},
) {
  const before = await startSystem(redis.url, environment);
  await before.startCounting();
  await beforehand(before);
  const clock = { ms: Date.now() };
  const bring = (log: EventLog, client: RedisClient = redis.client) => {
    const acceptor = new Acceptor(log, () => Date.now());
    const registry = new RedisImportRegistry(client, new Keyspace(before.prefix, 1, 1), () => clock.ms);
    const importer = new Importer({
      acceptor,
      log,
      registry,
      journal: new MemoryImportJournal(),
      calendar: new Calendar('UTC'),
      maxBytes: 64 * 1_048_576,
      sleep: () => Promise.resolve(),
    });
    const format = importFormats.get('online-retail');
    if (format === undefined) throw new Error('no such format');
    return importer.importFile(ONLINE_RETAIL, format, { force: false });
  };
  const dying = connectRedis(redis.url);
  await new Promise<void>((hung, failed) => bring(cutOffAfter(before.system.log, 1, hung), dying).catch(failed));
  // It says no more that it is at work.
  dying.disconnect();
  const asked = await before.importFile('online-retail', readFileSync(ONLINE_RETAIL));
  const refused: Json = await asked.json();
  clock.ms += 5_000;
  const early = await bring(before.system.log);
  const system = await meanwhile(before, refused.import_id);
  clock.ms += 15_000;
  const { log } = system.system;
  const replay: EventLog['replay'] = async function* () {};
  const late = await bring(blind ? Object.assign(Object.create(log), { replay }) : log);
  await system.settled();
  return { system, refused, early, late };
}

/** For both event logs. */
export function cutOffImportSuite(redis: () => TestRedis, environment: () => Readonly<Record<string, string>>): void {
  const cutOff = (how?: CutOff) => cutOffImport(redis(), environment(), how);

  test('an import that was cut off is gone on with 15 seconds later, and no line counts twice', async () => {
    const { system, refused, early, late } = await cutOff();
    expect(refused).toMatchObject({
      status: 409,
      type: expect.stringMatching(/import-running$/),
      import_id: expect.stringMatching(/^imp-/),
    });
    expect(early).toMatchObject({ outcome: 'import-running', importId: expect.stringMatching(/^imp-/) });
    expect(late).toMatchObject({ outcome: 'imported', report: { rows: 42_481 } });
    await checkRetail(system);
    await system.close();
  });

  test('what others have put into the log under its name does not keep it from going on', async () => {
    const meanwhile = async (system: TestSystem, importId: string): Promise<TestSystem> => {
      const [partition] = system.system.log.partitions;
      if (partition === undefined) throw new Error('a log without partitions');
      await system.system.log.append([{ partition, key: null, value: 'no JSON', importId }]);
      return system;
    };
    const { system, late } = await cutOff({ meanwhile });
    expect(late).toMatchObject({ outcome: 'imported', report: { rows: 42_481 } });
    await checkRetail(system);
    await system.close();
  });

  test('control: without a look at the log, lines of an import that was cut off count twice', async () => {
    const { system, late } = await cutOff({ blind: true });
    expect(late.outcome).toBe('imported');
    const [returned] = await duck(`${RETAIL} SELECT sum(pence) AS pence FROM lines WHERE refund`);
    const revenue: Json = await system.get(`/v1/revenue?${DECEMBER}&currency=GBP`);
    expect(Math.round(revenue.refunds * 100)).toBeGreaterThan(Number(returned?.['pence']));
    await system.close();
  });
}
