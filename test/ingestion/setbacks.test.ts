import { describe, expect, test } from 'vitest';
import { definitions } from '../../src/analytics/index.ts';
import { plansOf } from '../../src/fold/state/bucket-plans.ts';
import { PartitionWorker } from '../../src/ingestion/partition-worker.ts';
import { recordBatchOf } from '../../src/ingestion/ports/record-batch.ts';
import type { Definition } from '../../src/metrics/definition.ts';
import { Calendar } from '../../src/time/calendar.ts';
import { SETTINGS } from '../support/core/settings.ts';
import { MemoryStateStore } from '../support/fakes/state-store.ts';
import { record, StillLog } from '../support/fakes/still-log.ts';

/**
 * A record that no code can count must not stop a partition,
 * nor disappear; a store that refuses must not empty the log.
 */
const partition = { topic: 'events', index: 0 } as const;
const arrived = Date.parse('2026-11-20T12:00:00Z');
const visits = (count: number) =>
  Array.from({ length: count }, (_, i) =>
    record(i, { event_id: `e${i}`, name: 'page_view', user_id: `user ${i}`, timestamp: arrived - 1_000 }, arrived),
  );

/** A shop whose counting fails for some users. */
function start(fails: (userId: string) => void) {
  const fragile: Definition = {
    families: [],
    count: () => ({ event: ({ userId }) => fails(userId) }),
  };
  const log = new StillLog(1);
  const store = new MemoryStateStore(plansOf(SETTINGS));
  const worker = new PartitionWorker({
    store,
    log,
    settings: SETTINGS,
    calendar: new Calendar('UTC'),
    definitions: [...definitions, fragile],
    now: () => arrived,
  });
  /** As a log's adapter does it: on from where counting stands, and after a failure the partition is claimed anew. */
  const handOut = async (records: ReturnType<typeof visits>): Promise<unknown> => {
    let at = Number(await worker.claim(partition));
    try {
      while (at < records.length) at = Number(await worker.process(partition, recordBatchOf(records.slice(at))));
    } catch (error) {
      return error;
    }
    return String(at);
  };
  return { log, store, handOut };
}

const explode =
  (...users: readonly string[]) =>
  (userId: string) => {
    if (users.includes(userId)) throw new TypeError(`no such thing as ${userId}`);
  };

describe('a batch that cannot be counted', () => {
  test('is tried again once; if it fails the same way, its one bad record is set aside and all others count, in one process', async () => {
    const { log, store, handOut } = start(explode('user 37'));
    expect(await handOut(visits(100))).toBe('100');
    expect(log.letters.map(({ record: { position }, reason }) => [position, reason])).toEqual([
      ['37', 'it could not be counted: no such thing as user 37'],
    ]);
    expect(Object.fromEntries(store.tallies)).toMatchObject({ events: 99, rejected: 1 });
  });

  test('may have several', async () => {
    const { log, store, handOut } = start(explode('user 1', 'user 2', 'user 99'));
    expect(await handOut(visits(100))).toBe('100');
    expect(log.letters.map(({ record: { position } }) => position)).toEqual(['1', '2', '99']);
    expect(Object.fromEntries(store.tallies)).toMatchObject({ events: 97, rejected: 3 });
  });

  test('for a reason that passes is never narrowed', async () => {
    let failures = 0;
    const { log, handOut } = start(() => {
      if (failures++ < 5) throw Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
    });
    for (let i = 0; i < 5; i++) expect(await handOut(visits(20))).toBeInstanceOf(Error);
    expect(await handOut(visits(20))).toBe('20');
    expect(log.letters).toEqual([]);
  });

  test('for a reason of the store’s is never narrowed: no event is set aside for a key of a wrong type', async () => {
    const { log, handOut } = start(() => {
      throw Object.assign(new Error('WRONGTYPE cp:1:{0}:visitors is a list'), { name: 'ReplyError' });
    });
    for (let i = 0; i < 4; i++) expect(await handOut(visits(20))).toBeInstanceOf(Error);
    expect(log.letters).toEqual([]);
  });

  test('where no record at all can be counted, it stops after ten of them, and says why', async () => {
    const { log, handOut } = start(() => {
      throw new RangeError('nothing works');
    });
    expect(await handOut(visits(100))).toEqual(new RangeError('nothing works'));
    expect(await handOut(visits(100))).toEqual(new RangeError('nothing works'));
    expect(log.letters.length).toBe(10);
  });

  test('and fails otherwise each time is not tried for ever', async () => {
    let failures = 0;
    const { log, handOut } = start(() => {
      throw new RangeError(`nothing works, for the ${failures++}th time`);
    });
    expect(await handOut(visits(100))).toBeInstanceOf(RangeError);
    expect(log.letters).toEqual([]);
  });

  test('keeps a good record that fails once, by another fault, while the bad one is looked for', async () => {
    let failed = false;
    const { log, store, handOut } = start((userId) => {
      explode('user 36')(userId);
      const { events = 0 } = Object.fromEntries(store.tallies);
      if (failed || userId !== 'user 34' || events < 34) return;
      failed = true;
      throw new Error('Redis did not answer with a list');
    });
    expect(await handOut(visits(100))).toBe('100');
    expect(failed).toBe(true);
    expect(log.letters.map(({ record: { position } }) => position)).toEqual(['36']);
    expect(Object.fromEntries(store.tallies)).toMatchObject({ events: 99, rejected: 1 });
  });
});
