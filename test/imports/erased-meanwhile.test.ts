import { expect, test } from 'vitest';
import { rees46 } from '../../src/imports/formats/rees46.ts';
import type { MemoryLog } from '../support/fakes/event-log.ts';
import { csv, file, row, start } from './importing.ts';

const USER = 'u7';
/** Three chunks, in each of which the user has rows. */
const path = () => file(csv(Array.from({ length: 2_500 }, (_, i) => row(i % 100 === 7 ? 7 : i))));
const ROWS_OF_A_CHUNK = 10;

/** Somebody is erased right before or behind the nth append of the file. */
function eraseAt(bench: ReturnType<typeof start>, nth: number, when: 'before' | 'behind') {
  const { log, erasures } = bench;
  const append = log.append.bind(log);
  log.append = async (records: Parameters<MemoryLog['append']>[0]) => {
    const isIt = log.appends.length + 1 === nth;
    if (isIt && when === 'before') await erasures.note(USER);
    const outcomes = await append(records);
    if (isIt && when === 'behind') await erasures.note(USER);
    return outcomes;
  };
}

const ofUser = (bench: ReturnType<typeof start>): number =>
  bench.taken().filter(({ user_id, control }) => user_id === USER && control === undefined).length;

test('of whoever is erased while a file is read nothing more of it is brought in, and the rows are rejected', async () => {
  const bench = start();
  eraseAt(bench, 1, 'behind');
  const outcome = await bench.bring(path());
  expect(outcome).toMatchObject({ outcome: 'imported', report: { rows: 2_500, rejected: 15 } });
  expect(JSON.stringify(outcome)).toContain('its visitor was erased while the file was imported');
  expect(JSON.stringify(outcome)).not.toContain(USER);
  expect(ofUser(bench)).toBe(ROWS_OF_A_CHUNK);
  expect(bench.lines()).toHaveLength(2_500 - 15);
});

test.each(['before', 'behind'] as const)(
  'what the log took right %s the erasure, it is told to erase once more',
  async (when) => {
    const bench = start();
    eraseAt(bench, 2, when);
    await bench.bring(path());
    const records = bench.taken();
    const erasures = records.filter(({ control }) => control === 'erase');
    expect(erasures.map(({ user_id }) => user_id)).toEqual([USER, USER]);
    for (const of of bench.log.records.values()) {
      const texts = of.map(({ value }) => Buffer.from(value ?? '').toString());
      const last = texts.findLastIndex((text) => text.includes(`"user_id":"${USER}"`));
      expect(texts[last]).toContain('"control":"erase"');
    }
  },
);

test('an erasure that the log does not take at first is tried again', async () => {
  const bench = start();
  eraseAt(bench, 1, 'before');
  bench.log.fates.push(
    () => 'acknowledged',
    (partition) => (partition === 0 ? 'acknowledged' : 'refused'),
  );
  await bench.bring(path());
  expect(bench.sleeps).toHaveLength(1);
  const erasures = bench.taken().filter(({ control }) => control === 'erase');
  expect(erasures).toHaveLength(3);
});

test('whoever was erased before the file came, and is in it, is there again', async () => {
  const bench = start();
  await bench.erasures.note(USER);
  expect(await bench.bring(path())).toMatchObject({ report: { events: 2_500, rejected: 0 } });
  const since = await bench.erasures.place();
  await bench.erasures.note('u8');
  const later = file(csv([row(8), row(9)]));
  const outcome = await bench.hire().importFile(later, rees46, { force: false, erasedSince: since });
  expect(outcome).toMatchObject({ report: { events: 1, rejected: 1 } });
});
