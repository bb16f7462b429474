import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { rees46 } from '../../src/imports/formats/rees46.ts';
import { NotThisFormat } from '../../src/imports/problems.ts';
import { csv, file, isWhole, LAST_OF_CHUNKS, row, rows, start } from './importing.ts';

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
