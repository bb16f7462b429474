import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { definitions } from '../../src/analytics/index.ts';
import { plansOf } from '../../src/fold/state/bucket-plans.ts';
import type { LaneNeeds } from '../../src/fold/state/snapshot.ts';
import { PartitionWorker } from '../../src/ingestion/partition-worker.ts';
import type { LogRecord } from '../../src/ingestion/ports/event-log.ts';
import { recordBatchOf } from '../../src/ingestion/ports/record-batch.ts';
import { Calendar } from '../../src/time/calendar.ts';
import { SETTINGS } from '../support/core/settings.ts';
import { MemoryStateStore } from '../support/fakes/state-store.ts';
import { record, StillLog } from '../support/fakes/still-log.ts';
import type { OracleEvent } from '../support/oracle/events.ts';
import { runs } from '../support/runner/runs.ts';
import { hostileEvents } from '../support/traffic/hostile.ts';

const partition = { topic: 'events', index: 0 } as const;
const arrived = Date.parse('2026-11-20T12:00:00Z');
const HOUR = 3_600_000;
const calendar = new Calendar('UTC');

/**
 * Logs of all kinds: in every other one few users, to each of whom much happens, else carts fall due
 * while their users are away; and of hours or of days, so that state moves from bucket to bucket.
 */
function hostile(count: number, seed: number, startMs: number): OracleEvent[] {
  const [users, pace] = [seed % 2 === 0 ? 6 : 40, [1, 3, 8][seed % 3] ?? 1];
  return hostileEvents(count, seed, startMs).map(({ user_id, timestamp, ...event }) => ({
    ...event,
    timestamp: startMs + (timestamp - startMs) * pace,
    ...(user_id !== undefined && { user_id: `u${Number(user_id.slice(1)) % users}` }),
  }));
}

/** Live events, an import among them that ends, ticks, an erasure, and messages that are none. */
function log(count: number, seed: number): LogRecord[] {
  const live = hostile(count, seed, arrived - 400 * HOUR);
  const imported = hostile(count / 3, seed + 6, arrived - 430 * HOUR);
  const values = live.flatMap((event, i) => {
    const here: [unknown, string?][] = [[event]];
    if (imported[i]) here.push([imported[i], 'imp-1']);
    if (i === imported.length) here.push([{ control: 'close' }, 'imp-1']);
    if (i % 37 === 0) here.push([{ control: 'tick', at: event.timestamp + 30_000 }]);
    if (i % 51 === 0) here.push(['{"not an event']);
    if (i === count >> 1) here.push([{ control: 'erase', user_id: 'u1' }]);
    return here;
  });
  return values.map(([value, importId], offset) => record(offset, value, arrived, importId));
}

const freshStore = () => new MemoryStateStore(plansOf(SETTINGS));

/**
 * All that the store holds when the records are counted in
 * batches of these sizes, by one owner or by one after the other.
 */
async function counted(
  records: readonly LogRecord[],
  sizes: readonly number[],
  {
    owners = 'one',
    store = freshStore(),
    mostTexts,
  }: { owners?: 'one' | 'many'; store?: MemoryStateStore; mostTexts?: number } = {},
): Promise<Map<string, unknown>> {
  const log = new StillLog(1);
  const parts = { store, log, settings: SETTINGS, calendar, definitions, now: () => arrived };
  const hire = () => new PartitionWorker(mostTexts === undefined ? parts : { ...parts, mostTexts });
  let worker = hire();
  await worker.claim(partition);
  for (let from = 0, turn = 0; from < records.length; turn++) {
    if (owners === 'many' && turn > 0) {
      worker = hire();
      await worker.claim(partition);
    }
    const to = from + (sizes[turn % sizes.length] ?? 1);
    await worker.process(partition, recordBatchOf(records.slice(from, to)));
    from = to;
  }
  return store.contents.plain();
}

const WHOLE = [2_000];
const seeds = fc.integer({ min: 1, max: 10_000 });
const cuts = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 8 });

describe('any cut of a log into batches gives the same sums, messages and state', { timeout: 60_000 }, () => {
  test('counted by one owner, who keeps in memory what it has seen', async () => {
    await fc.assert(
      fc.asyncProperty(seeds, cuts, async (seed, sizes) => {
        const records = log(120, seed);
        expect(await counted(records, sizes)).toEqual(await counted(records, WHOLE));
      }),
      // The example: an id that comes again after the dedupe window lay in two buckets.
      { numRuns: runs(7, 40), examples: [[6_058, [1]]] },
    );
  });

  test('counted by an owner whose memory is full all the time, so that it forgets again and again', async () => {
    await fc.assert(
      fc.asyncProperty(seeds, cuts, fc.integer({ min: 1, max: 30 }), async (seed, sizes, mostTexts) => {
        const records = log(120, seed);
        expect(await counted(records, sizes, { mostTexts })).toEqual(await counted(records, WHOLE));
      }),
      { numRuns: runs(7, 40) },
    );
  });

  test('counted by many owners, of whom each reads what the others wrote', async () => {
    await fc.assert(
      fc.asyncProperty(seeds, cuts, async (seed, sizes) => {
        const records = log(120, seed);
        expect(await counted(records, sizes, { owners: 'many' })).toEqual(await counted(records, WHOLE));
      }),
      { numRuns: runs(7, 40) },
    );
  });

  test('the logs that are tried have messages, every ending of a cart, orders, dead letters and repeats in them', async () => {
    const store = freshStore();
    const contents = JSON.stringify([...(await counted(log(400, 7), [50], { store }))]);
    for (const what of ['purchased', 'emptied', 'abandoned', 'recovered', 'revenue:USD', 'refunds:USD', 'not JSON'])
      expect(contents).toContain(what);
    expect(store.contents.plain().get(':1:{0}:outbox:events-0')).toBeDefined();
    for (const tally of ['events', 'duplicates', 'rejected', 'erasures', 'unknown_refunds'])
      expect([tally, store.tallies.get(tally) ?? 0]).not.toEqual([tally, 0]);
  });

  /** Hands out the carts of a batch's own users only, as if no other could fall due meanwhile. */
  class ShortSighted extends MemoryStateStore {
    override read(of: typeof partition, needs: readonly LaneNeeds[]) {
      return super.read(
        of,
        needs.map((lane) => ({ ...lane, untilMs: Number.NEGATIVE_INFINITY })),
      );
    }
  }

  test('control: a store that hands out less than a batch needs is found out', async () => {
    const property = fc.asyncProperty(seeds, cuts, async (seed, sizes) => {
      const records = log(120, seed);
      const store = new ShortSighted(plansOf(SETTINGS));
      expect(await counted(records, sizes, { store })).toEqual(await counted(records, WHOLE));
    });
    expect((await fc.check(property, { numRuns: 20, seed: 1, endOnFailure: true })).failed).toBe(true);
  });
});
