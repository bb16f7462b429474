import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rees46 } from '../../src/imports/formats/rees46.ts';
import { Importer, ImportInterrupted } from '../../src/imports/importer.ts';
import { NotThisFormat } from '../../src/imports/problems.ts';
import { Acceptor } from '../../src/ingestion/acceptor.ts';
import { Calendar } from '../../src/time/calendar.ts';
import { type AppendFate, MemoryLog } from '../support/memory/event-log.ts';
import { MemoryImportJournal } from '../support/memory/import-journal.ts';
import { MemoryImportRegistry } from '../support/memory/import-registry.ts';

const now = () => Date.parse('2026-11-20T12:00:00Z');
const HEADER = 'event_time,event_type,product_id,category_id,category_code,brand,price,user_id,user_session';
const row = (user: number, price = '5.00') =>
  `2019-10-01 00:00:00 UTC,view,mug,1,kitchen.mug,acme,${price},u${user},s${user}`;
/** Lines of a file are counted from 1, and the header is the first. */
const rows = (count: number) => Array.from({ length: count }, (_, i) => row(i));
const LAST_OF_CHUNKS = [1_001, 2_001, 2_501];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cartpulse-imports-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
function file(content: string | Uint8Array): string {
  const path = join(folder, `${++files}.csv`);
  writeFileSync(path, content);
  return path;
}
const csv = (lines: readonly string[]) => [HEADER, ...lines].join('\n');

/** An importer with a log and a registry in memory, and another process's beside it. */
function start(partitions = 2) {
  const log = new MemoryLog(partitions, now);
  const registry = new MemoryImportRegistry();
  const journal = new MemoryImportJournal();
  const sleeps: number[] = [];
  const sleep = async (ms: number) => void sleeps.push(ms);
  const hire = (of: MemoryLog = log) =>
    new Importer({
      acceptor: new Acceptor(of, now),
      log: of,
      registry,
      journal,
      calendar: new Calendar('UTC'),
      maxBytes: 64 * 1_048_576,
      sleep,
    });
  const importer = hire();
  const bring = (path: string, force = false) => importer.importFile(path, rees46, { force });
  const taken = () => [...log.records.values()].flat().map(({ importId, value }) => ({ importId, ...toJson(value) }));
  const lines = () => taken().flatMap((one) => (one.event_id === undefined ? [] : [lineOf(one.event_id)]));
  const closings = () => taken().filter(({ control }) => control === 'close').length;
  return { log, registry, journal, sleeps, hire, bring, taken, lines, closings };
}

const toJson = (value: Uint8Array | null) => JSON.parse(Buffer.from(value ?? '').toString());
const lineOf = (id: string): number => Number(id.slice(id.lastIndexOf('-') + 1));
const isWhole = (lines: readonly number[], count: number) =>
  lines.length === count && new Set(lines).size === count && Math.max(...lines) === count + 1;

/** The fate of appends, one after the other; what follows is acknowledged. */
const fates = (log: MemoryLog, ...of: AppendFate[]) => log.fates.push(...of.map((fate) => () => fate));

describe('a file is brought in', () => {
  test('row by row, as events of a lane of its own, which is closed in every partition behind them', async () => {
    const { bring, taken, lines, closings } = start(3);
    const outcome = await bring(file(csv(rows(10))));
    expect(outcome).toMatchObject({ outcome: 'imported', report: { rows: 10, events: 10, rejected: 0, errors: [] } });
    const importId = outcome.outcome === 'imported' ? outcome.report.import_id : '';
    expect(importId).toMatch(/^imp-[0-9a-f]{16}$/);
    expect(new Set(taken().map((one) => one.importId))).toEqual(new Set([importId]));
    expect(isWhole(lines(), 10)).toBe(true);
    expect(closings()).toBe(3);
  });

  test('a thousand at a time, each noted when the log has acknowledged it', async () => {
    const { log, registry, bring } = start();
    await bring(file(csv(rows(2_500))));
    expect(log.appends).toEqual([1_000, 1_000, 500, 2]);
    expect(registry.advances).toEqual(LAST_OF_CHUNKS);
  });

  test('and says how far it has come', async () => {
    const seen: [number, number][] = [];
    const content = csv(rows(1_200));
    const importer = start().hire();
    await importer.importFile(file(content), rees46, { force: false, onProgress: (...at) => seen.push(at) });
    expect(seen).toEqual([
      [0, 1_200],
      [1_000, 1_200],
      [1_200, 1_200],
    ]);
  });

  test('packed as well: a file and its gzip are the same content', async () => {
    const { bring, lines } = start();
    const content = csv(rows(20));
    expect(await bring(file(gzipSync(content)))).toMatchObject({ outcome: 'imported', report: { events: 20 } });
    expect(await bring(file(content))).toMatchObject({ outcome: 'imported-before' });
    expect(isWhole(lines(), 20)).toBe(true);
  });
});

describe('rows that are refused', () => {
  test('are named with line, column and reason; the others are brought in', async () => {
    const { bring, lines } = start();
    const outcome = await bring(file(csv([row(1), row(2, 'free'), `${row(3)},more`, row(4)])));
    expect(outcome).toMatchObject({
      report: {
        rows: 4,
        events: 2,
        rejected: 2,
        errors: [
          { line: 3, column: 'price', message: 'must be a number from 0 to 1000000000' },
          { line: 4, column: '', message: 'has 10 columns, rees46 has 9' },
        ],
      },
    });
    expect(lines().sort()).toEqual([2, 5]);
  });

  test('by the contract of events are named likewise', async () => {
    const ahead = csv([row(1), row(2).replace('2019', '2036')]);
    expect(await start().bring(file(ahead))).toMatchObject({
      report: {
        rows: 2,
        events: 1,
        rejected: 1,
        errors: [{ line: 3, column: 'timestamp', message: 'is more than 5 minutes after arrival' }],
      },
    });
  });

  test('are counted all, and the first hundred are named', async () => {
    const bad = Array.from({ length: 150 }, (_, i) => row(i, 'free'));
    const outcome = await start().bring(file(csv(bad)));
    if (outcome.outcome !== 'imported') throw new Error(outcome.outcome);
    expect([outcome.report.rejected, outcome.report.errors.length]).toEqual([150, 100]);
  });

  test('a file of another format is refused whole, and nothing of it was appended', async () => {
    const { log, bring } = start();
    await expect(bring(file('a,b\n1,2'))).rejects.toThrow(NotThisFormat);
    await expect(bring(file(''))).rejects.toThrow(NotThisFormat);
    expect(log.appends).toEqual([]);
  });
});

describe('where the log does not take all', () => {
  test('what is left is appended again, after a pause that grows', async () => {
    const { log, sleeps, bring, lines } = start();
    log.fates.push((partition) => (partition === 0 ? 'acknowledged' : 'refused'));
    fates(log, 'refused');
    expect(await bring(file(csv(rows(100))))).toMatchObject({ report: { events: 100 } });
    expect(isWhole(lines(), 100)).toBe(true);
    expect(log.appends[1]).toBeLessThan(100);
    expect(sleeps).toEqual([400, 800]);
  });

  test('what it took without saying so is not appended again', async () => {
    const { log, bring, lines } = start();
    fates(log, 'taken without a word');
    expect(await bring(file(csv(rows(100))))).toMatchObject({ report: { events: 100 } });
    expect(isWhole(lines(), 100)).toBe(true);
  });

  test('nothing is appended again unseen: while the log can’t be read, it waits', async () => {
    const { log, sleeps, bring, lines } = start();
    fates(log, 'taken without a word');
    const ends = log.ends.bind(log);
    let calls = 0;
    log.ends = () =>
      ++calls === 2 ? Promise.reject(Object.assign(new Error('no broker'), { code: 'ECONNREFUSED' })) : ends();
    await bring(file(csv(rows(100))));
    expect(isWhole(lines(), 100)).toBe(true);
    expect(sleeps).toEqual([400, 800]);
  });

  test('it gives up after five attempts; the same file sent again goes on behind what the log has', async () => {
    const { log, bring, lines, closings } = start();
    const path = file(csv(rows(2_500)));
    fates(log, 'acknowledged', ...Array<AppendFate>(5).fill('refused'));
    await expect(bring(path)).rejects.toThrow(ImportInterrupted);
    expect([lines().length, closings()]).toEqual([1_000, 0]);
    log.appends.length = 0;
    expect(await bring(path)).toMatchObject({ outcome: 'imported', report: { rows: 2_500, events: 2_500 } });
    expect(log.appends).toEqual([1_000, 500, 2]);
    expect(isWhole(lines(), 2_500)).toBe(true);
  });

  test('a closing is tried again where it is missing, and given up alike', async () => {
    const { log, bring, closings } = start(3);
    log.fates.push(
      () => 'acknowledged',
      (partition) => (partition === 1 ? 'refused' : 'acknowledged'),
    );
    await bring(file(csv(rows(3))));
    expect([log.appends, closings()]).toEqual([[3, 3, 1], 3]);
    fates(log, 'acknowledged', ...Array<AppendFate>(5).fill('refused'));
    await expect(bring(file(csv(rows(4))))).rejects.toThrow('could not be closed');
  });
});

describe('a process that dies amid an import', () => {
  /** It has appended two chunks, of which it lived to note the first. */
  async function cutOff(partitions = 2) {
    const bench = start(partitions);
    const path = file(csv(rows(2_500)));
    fates(bench.log, 'acknowledged', 'acknowledged');
    const dying = bench.hire(
      Object.assign(Object.create(bench.log), {
        append: async (records: Parameters<MemoryLog['append']>[0]) => {
          if (bench.log.appends.length === 2) return new Promise(() => undefined);
          const outcomes = await bench.log.append(records);
          return bench.log.appends.length === 2 ? new Promise(() => undefined) : outcomes;
        },
      }),
    );
    void dying.importFile(path, rees46, { force: false });
    await expect.poll(() => bench.log.appends.length).toBe(2);
    return { ...bench, path };
  }

  test('holds the file until it has been silent for long enough', async () => {
    const { bring, path } = await cutOff();
    expect(await bring(path)).toMatchObject({ outcome: 'import-running', importId: expect.stringMatching(/^imp-/) });
  });

  test('is gone on with by another: what it appended without noting it is found in the log', async () => {
    const { log, registry, bring, lines, path } = await cutOff();
    registry.silence();
    expect(await bring(path)).toMatchObject({ outcome: 'imported', report: { rows: 2_500, events: 2_500 } });
    expect(log.appends).toEqual([1_000, 1_000, 500, 2]);
    expect(isWhole(lines(), 2_500)).toBe(true);
  });

  test('control: a log that hides what was appended gets those lines twice', async () => {
    const { log, registry, bring, lines, path } = await cutOff();
    registry.silence();
    log.replay = async function* () {};
    await bring(path);
    expect(lines()).toHaveLength(3_500);
  });

  test('in a log that was copied into other partitions all of it is read', async () => {
    const { log, registry, hire, path } = await cutOff(2);
    registry.silence();
    const copy = new MemoryLog(3, now);
    copy.records.set('events-2', [...log.records.values()].flat());
    await hire(copy).importFile(path, rees46, { force: false });
    expect(copy.appends).toEqual([500, 3]);
  });

  test('or is only taken for dead stops where it sees that another goes on with the import', async () => {
    const { log, registry, bring, hire, lines } = start();
    const path = file(csv(rows(2_500)));
    const { append } = log;
    log.append = async (records) => {
      const outcomes = await append.call(log, records);
      if (log.appends.length !== 1) return outcomes;
      registry.silence();
      await hire().importFile(path, rees46, { force: false });
      return outcomes;
    };
    await expect(bring(path)).rejects.toThrow('another process goes on with this import');
    expect(isWhole(lines(), 2_500)).toBe(true);
    expect([...registry.known.values()]).toMatchObject([{ status: 'done' }]);
  });
});

describe('a file that was imported before', () => {
  test('is not brought in again; the import is named', async () => {
    const { log, bring } = start();
    const path = file(csv(rows(5)));
    const first = await bring(path);
    const appends = log.appends.length;
    const importId = first.outcome === 'imported' ? first.report.import_id : '';
    expect(await bring(path)).toEqual({ outcome: 'imported-before', importId });
    expect(log.appends).toHaveLength(appends);
  });

  test('is with force, each time as an import of its own', async () => {
    const { bring, taken } = start();
    const path = file(csv(rows(5)));
    for (const force of [false, true, true]) await bring(path, force);
    expect(new Set(taken().map(({ importId }) => importId)).size).toBe(3);
    expect(new Set(taken().map(({ event_id }) => event_id)).size).toBe(15 + 1);
  });
});
