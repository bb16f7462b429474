import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PartitionId } from '../../src/events/partition.ts';
import { Columns } from '../../src/fold/columns/columns.ts';
import { decodeBatch, decodeRecord, MAX_RECORD_BYTES, showDeadLetter } from '../../src/ingestion/decode.ts';
import type { LogRecord, Position } from '../../src/ingestion/ports/event-log.ts';
import { recordBatchOf } from '../../src/ingestion/ports/record-batch.ts';
import { EventScanner } from '../../src/ingestion/scan/event-scanner.ts';
import { DEFAULT_DIMENSIONS, DimensionReader } from '../../src/metrics/dimension.ts';
import { Dictionaries } from '../../src/metrics/sums/dictionaries.ts';
import { record } from '../support/fakes/still-log.ts';

const events = { topic: 'events', index: 3 } as const;
const inventory = { topic: 'inventory', index: 3 } as const;
const arrived = Date.parse('2026-11-20T12:00:00Z');
const log = { describe: (position: Position) => `at ${position}` };

const withValue = (value: Uint8Array | null): LogRecord => ({ ...record(7, '', arrived), value });
const bytes = (value: unknown) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
const dimensions = new DimensionReader(DEFAULT_DIMENSIONS);
const decode = (value: Uint8Array | null, partition: PartitionId = events) =>
  decodeRecord(withValue(value), { partition, storeCurrency: 'NOK', dimensions }, () => `${partition.topic}-3-7`);

const view = { event_id: 'e1', name: 'view_item', user_id: 'ann', timestamp: arrived };
const stock = { event_id: 'e1', name: 'stock_update', item_id: 'mug', stock_level: 3, timestamp: arrived };

describe('what is no event says why', () => {
  test.each([
    ['no value', null, 'the message has no value'],
    ['nothing in it', bytes(''), 'the message is not JSON'],
    ['too large', Buffer.alloc(MAX_RECORD_BYTES + 1, ' '), 'the message is larger than 1048576 bytes'],
    ['no UTF-8', Buffer.from([0x22, 0xff, 0xfe, 0x22]), 'the message is not UTF-8'],
    ['cut in the middle of a character', bytes('"ü').subarray(0, 2), 'the message is not UTF-8'],
    ['no JSON', bytes('{"name": "view_item"'), 'the message is not JSON'],
    ['JSON, but no object', bytes('[1]'), 'must be a JSON object'],
    ['a text', bytes('"view_item"'), 'must be a JSON object'],
    ['null', bytes('null'), 'must be a JSON object'],
    [
      'a field that breaks the contract',
      bytes({ ...view, currency: 'XX' }),
      'currency: must be an ISO 4217 code such as EUR',
    ],
    [
      'a time far ahead',
      bytes({ ...view, timestamp: arrived + 86_400_001 }),
      'timestamp: is more than 24 hours after arrival',
    ],
    [
      'a control record of a later version',
      bytes({ control: 'merge' }),
      'control: is not a control record that this version knows',
    ],
    ['an erasure of nobody', bytes({ control: 'erase' }), 'control: is not a control record that this version knows'],
  ])('%s', (_, value, reason) => {
    expect(decode(value)).toEqual({ outcome: 'rejected', reason });
  });

  test('an event on the other topic', () => {
    const misplaced = (name: string, topic: string) => ({
      outcome: 'rejected',
      reason: `name: ${name} belongs on the ${topic} topic`,
    });
    expect(decode(bytes(stock), events)).toEqual(misplaced('stock_update', 'inventory'));
    expect(decode(bytes(view), inventory)).toEqual(misplaced('view_item', 'events'));
  });

  test('whatever the bytes are, nothing is thrown', () => {
    const anything = fc.oneof(fc.uint8Array(), fc.json().map(bytes), fc.object().map(bytes));
    fc.assert(
      fc.property(anything, (value) => {
        expect(['parsed', 'rejected']).toContain(decode(value).outcome);
      }),
    );
  });
});

describe('what is an event is handed on', () => {
  test('as large as a record may be', () => {
    const padding = ' '.repeat(MAX_RECORD_BYTES - bytes(view).length);
    expect(decode(bytes(JSON.stringify(view) + padding)).outcome).toBe('parsed');
  });

  test('with the sign for unreadable text in it, where it was sent as such', () => {
    expect(decode(bytes({ ...view, city: '\ufffd' }))).toMatchObject({
      event: { values: ['\ufffd', undefined, undefined, undefined] },
    });
  });

  test.each([
    ['a byte order mark', bytes('\ufeff')],
    ['the number of a schema registry’s schema', Buffer.from([0, 0, 0, 0, 7])],
  ])('behind %s', (_, before) => {
    expect(decode(Buffer.concat([before, bytes(view)]))).toMatchObject({ outcome: 'parsed', event: { userId: 'ann' } });
    expect(decode(Buffer.concat([before, bytes('[1]')])).outcome).toBe('rejected');
  });

  test('from bytes that lie anywhere in a larger buffer', () => {
    const around = Buffer.concat([bytes('{{'), bytes(view), bytes('}}')]);
    const inside = new Uint8Array(around.buffer, around.byteOffset + 2, around.length - 4);
    expect(decode(inside)).toMatchObject({ outcome: 'parsed', event: { eventId: 'e1' } });
  });

  test('with what it leaves out: its id is its place in the log, its time the arrival, its currency the store’s', () => {
    expect(decode(bytes({ name: 'view_item', user_id: 'ann' }))).toMatchObject({
      event: {
        eventId: 'events-3-7',
        timestampMs: arrived,
        currency: 'NOK',
        values: [undefined, undefined, undefined, undefined],
        items: [],
      },
    });
    expect(decode(bytes({ name: 'stock_update', item_id: 'mug', stock_level: 1 }), inventory)).toMatchObject({
      event: { eventId: 'inventory-3-7' },
    });
  });

  test.each([
    ['tick', { control: 'tick', at: arrived }, { kind: 'tick', atMs: arrived }],
    [
      'tick of a clock that is ahead',
      { control: 'tick', at: arrived + 3_600_000 },
      { kind: 'tick', atMs: arrived + 300_000 },
    ],
    ['close', { control: 'close' }, { kind: 'close' }],
    ['erase', { control: 'erase', user_id: 'ann' }, { kind: 'erase', userId: 'ann' }],
  ])('a control record, on either topic: %s', (_, written, event) => {
    for (const partition of [events, inventory])
      expect(decode(bytes(written), partition)).toEqual({ outcome: 'parsed', event });
  });
});

describe('what came in otherwise than it should', () => {
  test('is repaired, and the event says by which rules: here, or where the record was written', () => {
    const sent = { ...view, session_id: 7, repaired: ['currency_case', 'made up', 'number_as_text'] };
    expect(decode(bytes(sent))).toMatchObject({
      event: { sessionId: '7', repaired: ['number_as_text', 'currency_case'] },
    });
    expect(decode(bytes(view))).toMatchObject({ event: { repaired: undefined } });
  });

  test('is a clearing push, or a note of several, or of what bots sent: nothing is counted but that', () => {
    expect(decode(bytes({ ecommerce: null }))).toEqual({ outcome: 'parsed', event: { kind: 'ignored', count: 1 } });
    expect(decode(bytes({ control: 'ignored', count: 3 }))).toEqual({
      outcome: 'parsed',
      event: { kind: 'ignored', count: 3 },
    });
    expect(decode(bytes({ control: 'bots', count: 2 }))).toMatchObject({ event: { kind: 'bots', count: 2 } });
  });

  test('an import may be older than the year 2000, a live event not', () => {
    const old = bytes({ ...view, timestamp: '1999-01-01T00:00:00Z' });
    expect(decode(old)).toMatchObject({ outcome: 'rejected' });
    const imported = { ...withValue(old), importId: 'imp-1' };
    expect(
      decodeRecord(imported, { partition: events, storeCurrency: 'NOK', dimensions }, () => 'events-3-7'),
    ).toMatchObject({
      outcome: 'parsed',
    });
  });

  test('the visitor is the user, or else the anonymous_id; a discount is taken off where no value is given', () => {
    const items = [{ item_id: 'i', price: 0.3, discount: 0.1, quantity: 3 }];
    const { user_id: _, ...anonymous } = { ...view, anonymous_id: 'a1', items };
    expect(decode(bytes(anonymous))).toMatchObject({ event: { userId: 'a1', items: [{ price: 0.2 }] } });
    expect(decode(bytes({ ...anonymous, user_id: 'ann', value: 1 }))).toMatchObject({
      event: { userId: 'ann', items: [{ price: 0.3 }] },
    });
  });

  test('a number counts as it was written, whatever a double makes of it', () => {
    const raw = '{"name":"purchase","user_id":"u","transaction_id":"t","value":1.0049999999999999999999}';
    expect(decode(Buffer.from(raw))).toMatchObject({ event: { value: 1.0049999999999997 } });
  });
});

describe('a batch', () => {
  const decodeAll = (...records: LogRecord[]) => {
    const columns = new Columns(new Dictionaries({ dimensions: DEFAULT_DIMENSIONS.map(({ name }) => name) }));
    const scanner = new EventScanner(columns, 'NOK', dimensions);
    const decoding = { partition: events, storeCurrency: 'NOK', dimensions, log, columns, scanner };
    return { ...decodeBatch(recordBatchOf(records), decoding), columns };
  };

  test('is split into events, by lane, and dead letters, each with its record and reason', () => {
    const bad = record(1, 'no JSON', arrived);
    const { columns, rejected, alone } = decodeAll(record(0, view, arrived), bad, record(2, view, arrived, 'imp-1'));
    const rows = Array.from({ length: columns.rows }, (_, row) => [
      columns.lanes[columns.lane.at(row)],
      columns.place.at(row),
      columns.arrivedAtMs.at(row),
    ]);
    expect(rows).toEqual([
      ['live', 0, arrived],
      ['imp-1', 2, arrived],
    ]);
    expect(rejected).toEqual([{ partition: events, record: bad, reason: 'the message is not JSON' }]);
    expect(alone).toBeUndefined();
  });

  test.each([
    ['an erasure', record(1, '{ "user_id": "ann", "control": "erase" }', arrived)],
    ['an import’s closing', record(1, '{"control":"close"}', arrived, 'imp-1')],
  ])('says where %s lies, and what is behind it is not looked at', (_, aside) => {
    const decoded = decodeAll(record(0, view, arrived), aside, record(2, 'no JSON', arrived));
    expect(decoded).toMatchObject({ alone: 1, rejected: [] });
    expect(decoded.columns.rows).toBe(2);
  });

  test('a closing of no import is a record like any other', () => {
    const { columns } = decodeAll(record(0, { control: 'close' }, arrived), record(1, view, arrived));
    expect(columns.rows).toBe(2);
  });
});

describe('a dead letter as it is listed', () => {
  const shown = (value: Uint8Array | null) =>
    JSON.parse(showDeadLetter({ partition: events, record: withValue(value), reason: 'because' }, log));

  test('says when and where it came, why it is one, and what it said', () => {
    expect(shown(bytes('no JSON'))).toEqual({
      at: '2026-11-20T12:00:00.000Z',
      topic: 'events',
      partition: 3,
      position: 'at 7',
      reason: 'because',
      message: 'no JSON',
    });
  });

  test('shows 4 KiB of the message at most, and null where there is none', () => {
    expect(shown(Buffer.alloc(10_000, 'x')).message).toBe('x'.repeat(4_096));
    expect(shown(null).message).toBeNull();
  });
});
