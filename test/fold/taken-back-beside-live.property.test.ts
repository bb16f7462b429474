import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { definitions } from '../../src/analytics/index.ts';
import type { FoldSettings } from '../../src/fold/settings.ts';
import { plansOf } from '../../src/fold/state/bucket-plans.ts';
import { takingBackLane } from '../../src/fold/taken-back/lane-name.ts';
import { PartitionWorker } from '../../src/ingestion/partition-worker.ts';
import type { LogRecord } from '../../src/ingestion/ports/event-log.ts';
import { recordBatchOf } from '../../src/ingestion/ports/record-batch.ts';
import { Calendar } from '../../src/time/calendar.ts';
import { BY_CUSTOMER, SETTINGS } from '../support/core/settings.ts';
import { MemoryStateStore } from '../support/fakes/state-store.ts';
import { record, StillLog } from '../support/fakes/still-log.ts';
import type { OracleEvent } from '../support/oracle/events.ts';
import { runs } from '../support/runner/runs.ts';
import { hostileEvents } from '../support/traffic/hostile.ts';

const partition = { topic: 'events', index: 0 } as const;
const HOUR = 3_600_000;
const arrivedAtMs = Date.parse('2026-11-20T12:00:00Z');
const START = arrivedAtMs - 300 * HOUR;

type Value = [value: unknown, importId?: string];

/** One of history, with the live users; or one that reaches into the present, of users of its own. */
type Kind = 'of history' | 'of the present';

function importedEvents(kind: Kind, count: number, seed: number): OracleEvent[] {
  if (kind === 'of history') return hostileEvents(count, seed, START - 60 * 24 * HOUR);
  return hostileEvents(count, seed, START).map(({ user_id, ...event }) => ({
    ...event,
    ...(user_id !== undefined && { user_id: `imported ${user_id}` }),
    ...(event.transaction_id !== undefined && { transaction_id: `imported ${event.transaction_id}` }),
  }));
}

interface Traffic {
  readonly live: readonly Value[];
  /** The same with an import among it, which is taken back. */
  readonly withImport: readonly Value[];
}

/** @param every so many live events come between those that take the import back */
function traffic(kind: Kind, count: number, seed: number, every: number): Traffic {
  const live = hostileEvents(count, seed, START).map((event): Value => [event]);
  const imported = importedEvents(kind, count >> 1, seed + 9);
  const back: Value[] = [...imported, { control: 'close' }].map((value) => [value, takingBackLane('imp-1')]);
  const withImport = live.flatMap((event, i): Value[] => {
    const counted = imported[i - 1];
    if (counted !== undefined) return [event, [counted, 'imp-1']];
    if (i === imported.length + 1) return [event, [{ control: 'close' }, 'imp-1']];
    return i > imported.length && i % every === 0 ? [event, ...back.splice(0, 3 * every)] : [event];
  });
  return { live, withImport: [...withImport, ...back] };
}

const toLog = (values: readonly Value[]): LogRecord[] =>
  values.map(([value, importId], offset) => record(offset, value, arrivedAtMs, importId));

/** Live users whom orders of history have made returning customers meanwhile stay so in what they began then. */
const SETTINGS_OF: Readonly<Record<Kind, FoldSettings>> = { 'of history': SETTINGS, 'of the present': BY_CUSTOMER };

/** What there is to answer with when the records are counted, in batches of these sizes; at the end lane time has run on. */
async function answers(kind: Kind, values: readonly Value[], sizes: readonly number[]): Promise<Map<string, unknown>> {
  const settings = SETTINGS_OF[kind];
  const store = new MemoryStateStore(plansOf(settings));
  const records = toLog([...values, [{ control: 'tick', at: arrivedAtMs }]]);
  const calendar = new Calendar('UTC');
  const log = new StillLog(1);
  const worker = new PartitionWorker({ store, log, settings, calendar, definitions, now: () => arrivedAtMs });
  await worker.claim(partition);
  for (let from = 0, turn = 0; from < records.length; turn++) {
    const to = from + (sizes[turn % sizes.length] ?? 1);
    await worker.process(partition, recordBatchOf(records.slice(from, to)));
    from = to;
  }
  return store.contents.answers();
}

const WHOLE = [5_000];
const seeds = fc.integer({ min: 1, max: 10_000 });
const cuts = fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 6 });

describe('any import among live traffic, taken back, leaves the answers of a shop that never had it', {
  timeout: 240_000,
}, () => {
  test.each<Kind>(['of history', 'of the present'])('one %s, however batches are cut', async (kind) => {
    const property = fc.asyncProperty(seeds, cuts, fc.integer({ min: 1, max: 9 }), async (seed, sizes, every) => {
      const { live, withImport } = traffic(kind, 160, seed, every);
      expect(await answers(kind, withImport, sizes)).toEqual(await answers(kind, live, WHOLE));
    });
    await fc.assert(property, { numRuns: runs(8, 25) });
  });

  test('the imports that are tried change the answers, and have every ending of a cart in them', async () => {
    const { live, withImport } = traffic('of history', 400, 7, 3);
    const isNoneTakenBack = ([, importId]: Value): boolean => importId !== takingBackLane('imp-1');
    const counted = JSON.stringify([...(await answers('of history', withImport.filter(isNoneTakenBack), WHOLE))]);
    const never = JSON.stringify([...(await answers('of history', live, WHOLE))]);
    expect(counted.length).toBeGreaterThan(1.2 * never.length);
    for (const what of ['purchased', 'emptied', 'abandoned', 'recovered', 'revenue:USD', 'refunds:USD'])
      expect(counted).toContain(what);
  });

  test('control: one of whose records is not taken back is found out', async () => {
    const property = fc.asyncProperty(seeds, fc.nat({ max: 70 }), async (seed, place) => {
      const { live, withImport } = traffic('of history', 160, seed, 2);
      const backs = withImport.filter(([, importId]) => importId === takingBackLane('imp-1'));
      const missing = withImport.filter((value) => value !== backs[place]);
      expect(await answers('of history', missing, WHOLE)).toEqual(await answers('of history', live, WHOLE));
    });
    expect((await fc.check(property, { numRuns: 10, seed: 1, endOnFailure: true })).failed).toBe(true);
  });
});
