import { expect, test } from 'vitest';
import type { Sender } from '../../src/events/origin/sender.ts';
import { Acceptor } from '../../src/ingestion/acceptor.ts';
import type { AppendOutcome, EventLog, LogAppend } from '../../src/ingestion/ports/event-log.ts';
import { StillLog } from '../support/fakes/still-log.ts';
import { ACCEPTING } from '../support/traffic/arrival.ts';

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

const submit = (log: EventLog, events: readonly unknown[], sender?: Sender) =>
  new Acceptor(log, () => Date.parse('2026-11-20T12:00:00Z'), ACCEPTING).accept(
    events.map((value) => ({ outcome: 'json', value })),
    undefined,
    { sender },
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

const view = { name: 'view_item', user_id: 'u1' };

test('what was repaired is told, and the record names its rules once each, for the owner to count', async () => {
  const log = new HalfLog(1);
  const items = [{ item_id: 7 }, { item_id: 8, price: '9.50' }];
  const { accepted, repaired } = await submit(log, [view, { ...view, city: '', items, repaired: ['made up'] }]);
  expect(accepted).toBe(2);
  expect(repaired?.map(({ index, path }) => [index, path])).toEqual([
    [1, 'city'],
    [1, 'items.0.item_id'],
    [1, 'items.1.item_id'],
    [1, 'items.1.price'],
  ]);
  const [plain, noted] = log.taken.map(({ value }) => JSON.parse(value));
  expect(plain).not.toHaveProperty('repaired');
  expect(noted).toMatchObject({
    items: [{ item_id: '7' }, { item_id: '8', price: 9.5 }],
    repaired: ['empty_text', 'number_as_text', 'text_as_number'],
  });
  expect(noted).not.toHaveProperty('city');
});

test('a hundred repairs are told; where there was none, nothing is', async () => {
  const items = Array.from({ length: 60 }, (_, i) => ({ item_id: i }));
  const { repaired } = await submit(new HalfLog(1), [
    { ...view, items },
    { ...view, items },
  ]);
  expect(repaired).toHaveLength(100);
  expect(await submit(new HalfLog(1), [view])).toEqual({ accepted: 1, rejected: [] });
});

test('clearing pushes are told, and noted in the log once for a request', async () => {
  const log = new HalfLog(1);
  expect(await submit(log, [{ ecommerce: null }, view, { ecommerce: null }])).toEqual({
    accepted: 1,
    rejected: [],
    ignored: 2,
  });
  expect(log.taken.map(({ value }) => JSON.parse(value))).toMatchObject([view, { control: 'ignored', count: 2 }]);
});

test('of what a known bot sends the log holds how much it was, and nothing else', async () => {
  const log = new HalfLog(1);
  const answer = await submit(log, [view, { name: 'No' }], { isBot: true });
  expect(answer).toEqual({ accepted: 0, rejected: [], bots: 2 });
  expect(log.taken.map(({ value }) => JSON.parse(value))).toEqual([{ control: 'bots', count: 2 }]);
});

test('a clock that was set right leaves no sent_at behind', async () => {
  const log = new HalfLog(1);
  await submit(log, [{ ...view, timestamp: '2026-11-20T13:00:00Z', sent_at: '2026-11-20T13:00:01Z' }]);
  const [event] = log.taken.map(({ value }) => JSON.parse(value));
  expect(event).toMatchObject({ timestamp: '2026-11-20T11:59:59.000Z', repaired: ['clock_by_sent_at'] });
  expect(event).not.toHaveProperty('sent_at');
});

test('who is known by an anonymous_id alone has a partition by it', async () => {
  const log = new HalfLog(1);
  await submit(log, [{ name: 'page_view', anonymous_id: 'a1' }]);
  expect(log.taken).toMatchObject([{ key: 'a1' }]);
});

test('the further fields of an event and its lines are kept in the log', async () => {
  const log = new HalfLog(1);
  const item = {
    item_id: 'i',
    item_variant: 'red',
    item_category2: 'c',
    coupon: 'C',
    discount: 1,
    price: 2,
    image_url: 'x',
  };
  const sent = {
    ...view,
    anonymous_id: 'a',
    shipping: 1,
    tax: 2,
    cart_url: 'https://shop.example/cart',
    utm_id: '7',
    items: [item],
  };
  await submit(log, [sent]);
  expect(log.taken.map(({ value }) => JSON.parse(value))).toMatchObject([sent]);
});

test.each([
  ['its age says when it happened', { age_ms: 60_000.4 }, '2026-11-20T11:59:00.000Z'],
  ['a time of its own goes before its age', { age_ms: 5, timestamp: '2026-11-20T11:00:00Z' }, '2026-11-20T11:00:00Z'],
  ['an age that is none says nothing', { age_ms: -1 }, '2026-11-20T12:00:00.000Z'],
])('%s', async (_, more, moment) => {
  const log = new HalfLog(1);
  await submit(log, [{ name: 'page_view', user_id: 'u1', ...more }]);
  const { timestamp, age_ms: kept } = JSON.parse(log.taken[0]?.value ?? '');
  expect([new Date(timestamp).toISOString(), kept]).toEqual([new Date(moment).toISOString(), undefined]);
});
