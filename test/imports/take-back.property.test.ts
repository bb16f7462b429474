import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { partitionName } from '../../src/events/partition.ts';
import { takingBackLane } from '../../src/fold/taken-back/lane-name.ts';
import type { TakeBackJob } from '../../src/imports/take-back/ports.ts';
import { ImportForgotten, TakeBack } from '../../src/imports/take-back/take-back.ts';
import { closeRecord } from '../../src/ingestion/control-records.ts';
import type { LogAppend, Position } from '../../src/ingestion/ports/event-log.ts';
import { type AppendFate, MemoryLog } from '../support/fakes/event-log.ts';
import { runs } from '../support/runner/runs.ts';

const PARTITIONS = 3;
const IMPORT = 'imp-1';
const LANE = takingBackLane(IMPORT);

const at = (index: number) => ({ topic: 'events', index }) as const;
const event = (n: number, importId?: string): LogAppend => ({
  partition: at(n % PARTITIONS),
  key: `u${n % 7}`,
  value: JSON.stringify({ event_id: `${importId ?? 'live'}-${n}`, user_id: `u${n % 7}` }),
  importId,
});

/** A log in which the import of so many events lies among live ones, and is closed. */
async function logWith(events: number): Promise<MemoryLog> {
  const log = new MemoryLog(PARTITIONS, () => 0);
  for (let n = 0; n < events; n++) await log.append([event(n), event(n, IMPORT), event(n, 'imp-2')]);
  await log.append(log.partitions.map((partition) => closeRecord(partition, IMPORT)));
  return log;
}

const valuesOf = (log: MemoryLog, lane: string): string[][] =>
  log.partitions.map((partition) =>
    (log.records.get(partitionName(partition)) ?? [])
      .filter(({ importId }) => importId === lane)
      .map(({ value }) => Buffer.from(value ?? []).toString()),
  );

/** What is known of the job, as whoever goes on finds it. */
class Kept {
  job: TakeBackJob = { from: undefined, until: undefined, since: undefined, done: 0, of: undefined };
  readonly progress: number[] = [];

  readonly save = async (job: TakeBackJob): Promise<void> => {
    this.job = job;
    this.progress.push(job.done);
  };
}

const takeBack = (log: MemoryLog, { job, save }: Kept, isHeld = async () => true, least = 0) =>
  new TakeBack({ log, importId: IMPORT, isHeld, save, signal: new AbortController().signal }).run(job, least);

const CLOSING = JSON.stringify({ control: 'close' });

describe('taking an import back', () => {
  test('its records join each partition once more, in their order, for the lane that takes it back; then its closing', async () => {
    const log = await logWith(2_500);
    const kept = new Kept();
    const ends = await takeBack(log, kept);
    expect(ends).toEqual(await log.ends());
    expect(kept.job).toMatchObject({ of: 2_500 + 2 * PARTITIONS, done: 2_500 + 2 * PARTITIONS });
    expect(kept.progress.length).toBeGreaterThan(2);
    // What the import itself has twice by now is its closing, which whoever takes it back has made sure of.
    expect(valuesOf(log, LANE)).toEqual(valuesOf(log, IMPORT).map((values) => [...values, CLOSING]));
  });

  test('a log that holds less than was imported gives nothing back', async () => {
    const log = await logWith(40);
    await expect(takeBack(log, new Kept(), undefined, 41)).rejects.toThrow(ImportForgotten);
    expect(valuesOf(log, LANE).flat()).toEqual([]);
  });

  test('one that forgets records of it meanwhile is no import that was taken back', async () => {
    const log = await logWith(40);
    let begins = 0;
    const replay = (from: ReadonlyMap<string, Position>, until: ReadonlyMap<string, Position>) => {
      const kept = [...from].map(
        ([name, place]) => [name, String(Math.max(begins, Number(place))) as Position] as const,
      );
      begins = 9;
      return log.replay(new Map(kept), until);
    };
    const forgetful: MemoryLog = Object.assign(Object.create(log), { replay });
    const kept = new Kept();
    kept.job = { ...kept.job, from: new Map(log.partitions.map((one) => [partitionName(one), '0' as Position])) };
    await expect(takeBack(forgetful, kept)).rejects.toThrow(ImportForgotten);
  });

  test('who has lost it appends nothing more', async () => {
    const log = await logWith(40);
    const before = valuesOf(log, LANE);
    expect(await takeBack(log, new Kept(), async () => false)).toBeUndefined();
    expect(valuesOf(log, LANE)).toEqual(before);
  });

  const fate = fc.constantFrom<AppendFate>('acknowledged', 'refused', 'taken without a word');
  const someFates = fc.array(fc.array(fate, { minLength: PARTITIONS, maxLength: PARTITIONS }), { maxLength: 4 });

  test('whatever becomes of appends, and wherever processes end, each record is taken back once and in order', async () => {
    const property = fc.asyncProperty(
      fc.array(someFates, { maxLength: 3 }),
      fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 3 }),
      async (fatesOf, deaths) => {
        const log = await logWith(2_100);
        const kept = new Kept();
        for (const [i, calls] of deaths.entries()) {
          const fates = fatesOf[i] ?? [];
          log.fates.push(...fates.map((of) => (partition: number) => of[partition] ?? 'acknowledged'));
          await takeBack(dyingAfter(log, calls), kept).catch(() => undefined);
          log.fates.length = 0;
        }
        await takeBack(log, kept);
        const imported = valuesOf(log, IMPORT).map((values) => values.filter((value) => value !== CLOSING));
        expect(valuesOf(log, LANE).map((values) => values.filter((value) => value !== CLOSING))).toEqual(imported);
        for (const values of valuesOf(log, LANE)) expect(values.at(-1)).toBe(CLOSING);
      },
    );
    await fc.assert(property, { numRuns: runs(15, 20) });
  }, 240_000);
});

/** A log whose user dies at an append: it is taken, or not, and nobody hears of it. */
function dyingAfter(log: MemoryLog, appends: number): MemoryLog {
  let left = appends;
  const append: MemoryLog['append'] = async (records) => {
    left -= 1;
    const outcomes = await log.append(records);
    if (left <= 0) throw new Error('killed');
    return outcomes;
  };
  return Object.assign(Object.create(log), { append });
}
