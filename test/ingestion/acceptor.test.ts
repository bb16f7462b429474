import { expect, test } from 'vitest';
import { Acceptor } from '../../src/ingestion/acceptor.ts';
import type { AppendOutcome, EventLog, LogAppend } from '../../src/ingestion/ports/event-log.ts';
import { StillLog } from '../support/fakes/still-log.ts';

/** A log of two partitions of which one cannot take anything now. */
class HalfLog extends StillLog {
  readonly taken: LogAppend[] = [];

  override append(records: readonly LogAppend[]): Promise<AppendOutcome[]> {
    const outcomes = records.map((record): AppendOutcome => {
      if (record.partition.index === 1) return { outcome: 'failed', reason: 'no leader' };
      this.taken.push(record);
      return { outcome: 'acknowledged' };
    });
    return Promise.resolve(outcomes);
  }
}

const submit = (log: EventLog, events: readonly unknown[]) =>
  new Acceptor(log, () => Date.parse('2026-11-20T12:00:00Z')).accept(
    events.map((value) => ({ outcome: 'json', value })),
  );

test('what its partition could not take is named as retryable, what the others took is accepted', async () => {
  const log = new HalfLog(2);
  const events = Array.from({ length: 20 }, (_, i) => ({ name: 'page_view', user_id: `u${i}`, event_id: `e${i}` }));
  const { accepted, rejected } = await submit(log, [...events, { name: 'No' }]);
  expect(accepted).toBe(log.taken.length);
  expect(accepted).toBeGreaterThan(0);
  const retryable = rejected.filter((one) => one.retryable);
  expect(retryable.length).toBe(20 - accepted);
  expect(rejected.at(-1)).toMatchObject({ index: 20, path: 'name', retryable: false });
  const again = new Set([
    ...log.taken.map(({ value }) => value.match(/"event_id":"(e\d+)"/)?.[1]),
    ...retryable.map((one) => one.event_id),
  ]);
  expect(again.size).toBe(20);
});

test('an event without id and time is stamped before the log sees it', async () => {
  const log = new HalfLog(1);
  await submit(log, [{ name: 'page_view', user_id: 'u1' }]);
  expect(JSON.parse(log.taken[0]?.value ?? '')).toMatchObject({
    event_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    timestamp: '2026-11-20T12:00:00.000Z',
  });
});

test('an event that the log or whoever counts would not take is refused at once, with its size as the reason', async () => {
  const log = new HalfLog(1);
  const items = (count: number) =>
    Array.from({ length: count }, (_, i) => ({ item_id: `item-${i}`, item_name: 'ü'.repeat(500), price: 1 }));
  const event = (id: string, count: number) => ({
    name: 'purchase',
    user_id: 'u1',
    event_id: id,
    transaction_id: id,
    items: items(count),
  });
  const { accepted, rejected } = await submit(log, [event('fits', 950), event('too-large', 1_000)]);
  expect(accepted).toBe(1);
  expect(log.taken.map(({ value }) => JSON.parse(value).event_id)).toEqual(['fits']);
  expect(rejected).toEqual([
    { index: 1, event_id: 'too-large', path: '', message: 'must be at most 1000000 bytes as JSON', retryable: false },
  ]);
});
