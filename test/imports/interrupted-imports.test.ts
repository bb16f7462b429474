import { describe, expect, test } from 'vitest';
import { rees46 } from '../../src/imports/formats/rees46.ts';
import { ImportInterrupted } from '../../src/imports/problems.ts';
import { type AppendFate, MemoryLog } from '../support/fakes/event-log.ts';
import { csv, fates, file, isWhole, now, rows, start } from './importing.ts';

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
