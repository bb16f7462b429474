import { describe, expect, test } from 'vitest';
import { definitions } from '../../src/analytics/index.ts';
import type { PartitionId } from '../../src/events/partition.ts';
import { plansOf } from '../../src/fold/state/bucket-plans.ts';
import { laneTimes } from '../../src/fold/state/state-families.ts';
import { PartitionLost } from '../../src/ingestion/interruptions.ts';
import { PartitionWorker } from '../../src/ingestion/partition-worker.ts';
import type { Position } from '../../src/ingestion/ports/event-log.ts';
import { recordBatchOf } from '../../src/ingestion/ports/record-batch.ts';
import type { Commit, CommitOutcome } from '../../src/ingestion/ports/state-store.ts';
import { Calendar } from '../../src/time/calendar.ts';
import { SETTINGS } from '../support/core/settings.ts';
import { keyOf } from '../support/fakes/contents.ts';
import { MemoryLog } from '../support/fakes/event-log.ts';
import { MemoryStateStore } from '../support/fakes/state-store.ts';
import { record } from '../support/fakes/still-log.ts';

const partition: PartitionId = { topic: 'events', index: 0 };
const noon = Date.parse('2026-11-20T12:00:00Z');
const MIN = 60_000;

class Store extends MemoryStateStore {
  readonly sizes: (number | undefined)[] = [];
  readonly answers: CommitOutcome['outcome'][] = [];

  override async commit(commit: Commit): Promise<CommitOutcome> {
    this.sizes.push(commit.tallies['events']);
    const answer = this.answers.shift();
    return answer === undefined ? super.commit(commit) : { outcome: answer };
  }
}

function start({ maxBatch = 100, store = new Store(plansOf(SETTINGS)) } = {}) {
  const clock = { ms: noon };
  const now = () => clock.ms;
  const log = new MemoryLog(1, now);
  const calendar = new Calendar('UTC');
  const kicked: string[] = [];
  const outbox = { kick: ({ topic }: PartitionId) => void kicked.push(topic) };
  const worker = new PartitionWorker({ store, log, settings: SETTINGS, calendar, definitions, outbox, now, maxBatch });
  const appended = () =>
    [...log.records.values()].flat().map(({ value, importId }) => [importId, JSON.parse(String(value))]);
  return { clock, log, store, worker, kicked, appended };
}

const events = (count: number, from = 0, name = 'page_view', importId?: string) =>
  Array.from({ length: count }, (_, i) => {
    const event = { event_id: `e${from + i}`, name, user_id: `u${from + i}`, timestamp: noon };
    return record(from + i, event, noon, importId);
  });

describe('what is handed out at a time', () => {
  test('is counted in batches of equal size, none above the bound', async () => {
    const { store, worker } = start();
    await worker.claim(partition);
    expect(await worker.process(partition, recordBatchOf(events(210)))).toBe('210');
    expect(store.sizes).toEqual([70, 70, 70]);
  });

  test('is counted in order, with what must run alone by itself', async () => {
    const { store, worker } = start();
    await worker.claim(partition);
    const erasure = record(2, { control: 'erase', user_id: 'u0' }, noon);
    await worker.process(partition, recordBatchOf([...events(2), erasure, ...events(3, 3)]));
    expect(store.sizes).toEqual([2, undefined, 3]);
  });

  test('from behind where counting stands is not counted again: whoever hands it out is told', async () => {
    const { store, worker } = start();
    await worker.claim(partition);
    await worker.process(partition, recordBatchOf(events(5)));
    expect(await worker.process(partition, recordBatchOf(events(2)))).toBe('5');
    expect(store.sizes).toEqual([5]);
  });

  test('belongs to the owner alone', async () => {
    const { worker } = start();
    await expect(worker.process(partition, recordBatchOf(events(1)))).rejects.toThrow(PartitionLost);
    await worker.claim(partition);
    worker.release(partition);
    await expect(worker.process(partition, recordBatchOf(events(1)))).rejects.toThrow(PartitionLost);
    await expect(worker.skip(partition, '9' as Position, 9)).rejects.toThrow(PartitionLost);
    expect(await worker.idle(partition)).toBeUndefined();
  });

  test('is given up where the store stands elsewhere: its owner claims anew and goes on from there', async () => {
    const { store, worker } = start();
    await worker.claim(partition);
    await worker.process(partition, recordBatchOf(events(5)));
    store.answers.push('conflict');
    expect(await worker.process(partition, recordBatchOf(events(2, 5)))).toBe('5');
    expect(await worker.process(partition, recordBatchOf(events(2, 5)))).toBe('7');
  });
});

describe('while nothing waits', () => {
  test('the owner says where counting stands', async () => {
    const { worker, log } = start();
    await worker.claim(partition);
    expect(await worker.idle(partition)).toBe(log.start);
    await worker.process(partition, recordBatchOf(events(5)));
    expect(await worker.idle(partition)).toBe('5');
  });

  test('one who is none any more is told so', async () => {
    const { worker, store } = start();
    await worker.claim(partition);
    await start({ store }).worker.claim(partition);
    await expect(worker.idle(partition)).rejects.toThrow(PartitionLost);
  });

  test('the outbox is looked at', async () => {
    const { worker, kicked } = start();
    await worker.claim(partition);
    await worker.idle(partition);
    expect(kicked).toEqual(['events']);
  });

  test('lane time runs on at the speed of real time: a tick is appended where a cart has fallen due, and once', async () => {
    const { clock, worker, appended } = start();
    await worker.claim(partition);
    await worker.process(partition, recordBatchOf(events(1, 0, 'add_to_cart')));
    clock.ms = noon + 60 * MIN;
    await worker.idle(partition);
    expect(appended()).toEqual([]);
    clock.ms += 1;
    await worker.idle(partition);
    await worker.idle(partition);
    expect(appended()).toEqual([[undefined, { control: 'tick', at: noon + 60 * MIN + 1 }]]);
  });

  test('so it does whatever other partitions say meanwhile: an order that they report is no event of this one', async () => {
    const { clock, worker, appended } = start();
    await worker.claim(partition);
    await worker.process(partition, recordBatchOf(events(1, 0, 'add_to_cart')));
    for (let i = 1; i <= 3; i++) {
      clock.ms = noon + i * 20 * MIN + 1;
      const claim = {
        control: 'claim',
        transaction_id: `t${i}`,
        user_id: 'x',
        guest: false,
        fullness: 0,
        at: clock.ms,
      };
      await worker.process(partition, recordBatchOf([record(i, claim, clock.ms)]));
    }
    await worker.idle(partition);
    expect(appended()).toEqual([[undefined, { control: 'tick', at: noon + 60 * MIN + 1 }]]);
  });

  test('a tick that was lost is appended again after five seconds', async () => {
    const { clock, worker, appended } = start();
    await worker.claim(partition);
    await worker.process(partition, recordBatchOf(events(1, 0, 'add_to_cart')));
    for (const ms of [60 * MIN + 1, 60 * MIN + 4_999, 60 * MIN + 5_002]) {
      clock.ms = noon + ms;
      await worker.idle(partition);
    }
    expect(appended()).toHaveLength(2);
  });

  test('an import that has appended nothing for an hour has died: its lane is closed for it', async () => {
    const { clock, worker, appended } = start();
    await worker.claim(partition);
    await worker.process(partition, recordBatchOf(events(3, 0, 'page_view', 'imp-1')));
    clock.ms = noon + 60 * MIN;
    await worker.idle(partition);
    expect(appended()).toEqual([]);
    clock.ms += 1;
    await worker.idle(partition);
    expect(appended()).toEqual([['imp-1', { control: 'close' }]]);
  });
});

describe('records that are gone from the log', () => {
  test('are counted as missing, and counting goes on behind them', async () => {
    const { store, worker } = start();
    await worker.claim(partition);
    await worker.process(partition, recordBatchOf(events(5)));
    expect(await worker.skip(partition, '50' as Position, 45)).toBe('50');
    expect(store.tallies.get('missing')).toBe(45);
    expect(await worker.process(partition, recordBatchOf(events(1, 50)))).toBe('51');
  });

  test('leave lane times as they were', async () => {
    const { store, worker } = start();
    await worker.claim(partition);
    await worker.process(partition, recordBatchOf(events(1)));
    const before = new Map(store.contents.hash(keyOf(laneTimes, 'events-0')));
    await worker.skip(partition, '50' as Position, 49);
    expect(store.contents.hash(keyOf(laneTimes, 'events-0'))).toEqual(before);
  });
});
