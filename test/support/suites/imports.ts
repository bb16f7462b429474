import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectRedis, type RedisClient } from '../../../src/adapters/redis/client/connection.ts';
import { RedisImportRegistry } from '../../../src/adapters/redis/imports/import-registry.ts';
import { importFormats } from '../../../src/imports/formats/index.ts';
import { Importer } from '../../../src/imports/importer.ts';
import { Acceptor } from '../../../src/ingestion/acceptor.ts';
import type { EventLog } from '../../../src/ingestion/ports/event-log.ts';
import { Keyspace } from '../../../src/metrics/keyspace.ts';
import { runSimulator, steady } from '../../../src/simulator/run-simulator.ts';
import { Calendar } from '../../../src/time/calendar.ts';
import { duck, firstLines, ONLINE_RETAIL, REES46, RETAIL, retailOf } from '../compare/duckdb.ts';
import { checkRees46, checkRetail, DECEMBER, OCTOBER } from '../compare/imported.ts';
import { MemoryErasures } from '../fakes/erasures.ts';
import { MemoryImportJournal } from '../fakes/import-journal.ts';
import type { TestRedis } from '../servers/redis-server.ts';
import { type Json, silent, startSystem, type TestSystem } from '../system/system.ts';
import { ACCEPTING } from '../traffic/arrival.ts';

/** Both files while a simulated shop is live: one suite for both event logs. */
export function importSuite(redisUrl: () => string, environment: () => Readonly<Record<string, string>>): void {
  test('imported files give the answers of an exact count, while simulated live traffic runs beside them', async () => {
    const system = await startSystem(redisUrl(), environment());
    await system.startCounting();
    const simulator = runSimulator(system.system.acceptor(), steady(100), { seed: 5 }, () => Date.now(), silent);
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
    await simulator.stop();
    await system.settled();
    await checkRetail(system);
    await checkRees46(system);
    expect((await system.get('/v1/engagement')).events).toBeGreaterThan(100);
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

/**
 * A log that takes the first chunk, then a part of the next, and never answers: as a process that is killed sees it.
 */
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
  readonly file?: string;
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
  {
    file = ONLINE_RETAIL,
    blind = false,
    beforehand = async () => undefined,
    meanwhile = async (system) => system,
  }: CutOff = {},
) {
  const before = await startSystem(redis.url, environment);
  await before.startCounting();
  await beforehand(before);
  // It stands still from the moment at which the import is cut off.
  const clock: { ms?: number } = {};
  const now = (): number => clock.ms ?? Date.now();
  const bring = (log: EventLog, client: RedisClient = redis.client) => {
    const acceptor = new Acceptor(log, () => Date.now(), ACCEPTING);
    const registry = new RedisImportRegistry(client, new Keyspace(before.prefix, 1, 1), now);
    const importer = new Importer({
      acceptor,
      log,
      registry,
      journal: new MemoryImportJournal(),
      erasures: new MemoryErasures(),
      calendar: new Calendar('UTC'),
      maxBytes: 64 * 1_048_576,
      sleep: () => Promise.resolve(),
      chunkEvents: 100,
    });
    const format = importFormats.get('online-retail');
    if (format === undefined) throw new Error('no such format');
    return importer.importFile(file, format, { force: false });
  };
  const dying = connectRedis(redis.url);
  await new Promise<void>((hung, failed) => bring(cutOffAfter(before.system.log, 1, hung), dying).catch(failed));
  clock.ms = Date.now();
  // It says no more that it is at work.
  dying.disconnect();
  const asked = await before.importFile('online-retail', readFileSync(file));
  const refused: Json = await asked.json();
  clock.ms = now() + 5_000;
  const early = await bring(before.system.log);
  const system = await meanwhile(before, refused.import_id);
  clock.ms = now() + 15_000;
  const { log } = system.system;
  const replay: EventLog['replay'] = async function* () {};
  const late = await bring(blind ? Object.assign(Object.create(log), { replay }) : log);
  await system.settled();
  return { system, refused, early, late };
}

/** For both event logs. */
export function cutOffImportSuite(redis: () => TestRedis, environment: () => Readonly<Record<string, string>>): void {
  const rows = 6_000;
  let dir: string;
  let file: string;
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), 'cartpulse-imports-'));
    file = firstLines(rows, dir);
  });
  afterAll(() => rmSync(dir, { recursive: true }));
  const cutOff = (how?: CutOff) => cutOffImport(redis(), environment(), { file, ...how });

  test('an import that was cut off is gone on with 15 seconds later, and no line counts twice', async () => {
    const { system, refused, early, late } = await cutOff();
    expect(refused).toMatchObject({
      status: 409,
      type: expect.stringMatching(/import-running$/),
      import_id: expect.stringMatching(/^imp-/),
    });
    expect(early).toMatchObject({ outcome: 'import-running', importId: expect.stringMatching(/^imp-/) });
    expect(late).toMatchObject({ outcome: 'imported', report: { rows } });
    await checkRetail(system, file);
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
    expect(late).toMatchObject({ outcome: 'imported', report: { rows } });
    await checkRetail(system, file);
    await system.close();
  });

  test('control: without a look at the log, lines of an import that was cut off count twice', async () => {
    const { system, late } = await cutOff({ blind: true });
    expect(late.outcome).toBe('imported');
    const [returned] = await duck(`${retailOf(file)} SELECT sum(pence) AS pence FROM lines WHERE refund`);
    const revenue: Json = await system.get(`/v1/revenue?${DECEMBER}&currency=GBP`);
    expect(Math.round(revenue.refunds * 100)).toBeGreaterThan(Number(returned?.['pence']));
    await system.close();
  });
}
