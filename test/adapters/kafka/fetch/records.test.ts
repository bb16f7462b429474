import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { UnreadableBatch } from '../../../../src/adapters/kafka/fetch/byte-reader.ts';
import { readRecords } from '../../../../src/adapters/kafka/fetch/kafka-records.ts';
import { slicesOf } from '../../../../src/adapters/kafka/fetch/slices.ts';
import type { StoredBatch } from '../../../../src/adapters/kafka/fetch/stored-batch.ts';
import type { RecordBatch } from '../../../../src/ingestion/ports/event-log.ts';
import { recordsOf } from '../../../support/fakes/still-log.ts';
import { batchBytes, stored, storedIn, type WrittenRecord } from '../../../support/fakes/stored-batches.ts';

const text = (value: string): Buffer => Buffer.from(value);
const numbered = (count: number): WrittenRecord[] =>
  Array.from({ length: count }, (_, delta) => ({ delta, value: text(`v${delta}`) }));
const valuesOf = (records: RecordBatch): string[] => recordsOf(records).map(({ value }) => String(value));

async function slices(batches: readonly StoredBatch[], from: number, most: number): Promise<string[][]> {
  const found: string[][] = [];
  for await (const slice of slicesOf(batches, from, most)) found.push(valuesOf(slice));
  return found;
}

test('a record shows its offset, key, value, import and arrival; what is absent is absent', async () => {
  const records: WrittenRecord[] = [
    { delta: 0, afterMs: 5, key: text('k'), value: text('v') },
    { delta: 3, afterMs: -2, key: null, value: null, headers: [['import', 'imp-1']] },
    {
      delta: 4,
      key: text(''),
      value: text(''),
      headers: [
        ['trace', null],
        ['import', 'a'],
        ['import', 'b'],
      ],
    },
    {
      delta: 9,
      value: text('ü'),
      headers: [
        ['import', null],
        ['import', 'a'],
        ['imports', 'b'],
      ],
    },
  ];
  const batch = await readRecords([stored({ firstOffset: 2 ** 40, firstTimestamp: 1_764_000_000_000, records })], 0);
  expect(recordsOf(batch).map((record) => ({ ...record, value: record.value && String(record.value) }))).toEqual([
    {
      position: '1099511627776',
      next: '1099511627777',
      key: 'k',
      value: 'v',
      importId: undefined,
      arrivedAtMs: 1_764_000_000_005,
    },
    {
      position: '1099511627779',
      next: '1099511627780',
      key: null,
      value: null,
      importId: 'imp-1',
      arrivedAtMs: 1_763_999_999_998,
    },
    {
      position: '1099511627780',
      next: '1099511627781',
      key: '',
      value: '',
      importId: 'a',
      arrivedAtMs: 1_764_000_000_000,
    },
    {
      position: '1099511627785',
      next: '1099511627786',
      key: null,
      value: 'ü',
      importId: undefined,
      arrivedAtMs: 1_764_000_000_000,
    },
  ]);
  expect([...batch.starts].map((start) => start < 0)).toEqual([false, true, false, false]);
  expect(batch.bytesOf(0).toString('utf8', batch.starts[0], batch.ends[0])).toBe('v');
});

test('where the topic stamps records as it takes them, that is when they arrived', async () => {
  const batch = stored({ records: numbered(2), attributes: 0x08, firstTimestamp: 5, maxTimestamp: 1_700_000_000_000 });
  expect([...(await readRecords([batch], 0)).arrivedAtMs]).toEqual([1_700_000_000_000, 1_700_000_000_000]);
});

test('a batch that begins before the offset that was asked for gives what lies behind it', async () => {
  const batches = [
    stored({ firstOffset: 10, records: numbered(4) }),
    stored({ firstOffset: 20, records: numbered(2) }),
  ];
  expect(valuesOf(await readRecords(batches, 12))).toEqual(['v2', 'v3', 'v0', 'v1']);
  expect((await readRecords(batches, 22)).length).toBe(0);
});

test('records are handed out in slices of like size; what is packed is unpacked when its turn comes', async () => {
  let unpacked = 0;
  const packed = (firstOffset: number, count: number): StoredBatch => {
    const batch = stored({ firstOffset, records: numbered(count), attributes: 1, pack: (bytes) => gzipSync(bytes) });
    const { records } = batch;
    const counted = () => {
      unpacked += 1;
      return records.call(batch);
    };
    return Object.assign(batch, { records: counted });
  };
  const reading = slicesOf([packed(0, 3), packed(3, 4), packed(7, 1)], 1, 5);
  expect(await reading.next()).toMatchObject({ value: { length: 3 } });
  expect(unpacked).toBe(2);
  expect(await reading.next()).toMatchObject({ value: { length: 3 } });
  expect(await reading.next()).toMatchObject({ value: { length: 1 } });
  expect(await reading.next()).toMatchObject({ done: true });
  expect(unpacked).toBe(3);
  expect(await slices([packed(0, 3)], 3, 5)).toEqual([]);
});

test('control records, and batches of which nothing is kept any more, hold nothing to hand out', async () => {
  const commit = { delta: 0, key: Buffer.from([0, 0, 0, 1]), value: Buffer.alloc(6) };
  const batches = [
    stored({ firstOffset: 0, records: numbered(1) }),
    stored({ firstOffset: 1, records: [commit], attributes: 0x30 }),
    stored({ firstOffset: 2, records: [], lastDelta: 7 }),
    stored({ firstOffset: 10, records: numbered(1) }),
  ];
  expect(await slices(batches, 0, 1)).toEqual([['v0'], ['v0']]);
  expect(batches.map(({ lastOffset }) => lastOffset)).toEqual([0, 1, 9, 10]);
});

test('a batch that is cut off at the end of a response is left for the next one', () => {
  const [whole, next] = [batchBytes({ records: numbered(2) }), batchBytes({ firstOffset: 2, records: numbered(9) })];
  for (const length of [1, 60, next.length - 1])
    expect(storedIn(Buffer.concat([whole, next.subarray(0, length)])).map(({ offset }) => offset)).toEqual(['1']);
  expect(storedIn(Buffer.alloc(0))).toEqual([]);
});

test('a message format that is not read is named, with what to do', async () => {
  const [old] = storedIn(batchBytes({ firstOffset: 7, records: numbered(1), format: 1 }));
  const reading = slices(old === undefined ? [] : [old], 0, 10);
  await expect(reading).rejects.toThrow(
    /^the records at offset 7 are in Kafka's message format 1; only format 2 is read .* copy them into a new topic$/,
  );
});

const NONSENSE: readonly (readonly [what: string, bytes: () => Buffer])[] = [
  ['a batch that is shorter than its head', () => batchBytes({ records: numbered(1) }).fill(0, 8, 12)],
  ['a batch that is longer than what came', () => batchBytes({ records: numbered(1) }).fill(0x7f, 8, 12)],
  ['more records than bytes', () => batchBytes({ records: numbered(1), count: 2 ** 31 - 1 })],
  ['fewer than no records', () => batchBytes({ records: numbered(1), count: -1 })],
  [
    'a record that runs out of its batch',
    () => batchBytes({ records: numbered(1), pack: (bytes) => bytes.subarray(0, -1) }),
  ],
  ['offsets that go back', () => batchBytes({ records: [{ delta: 1 }, { delta: 1 }] })],
  ['an offset behind the batch', () => batchBytes({ records: [{ delta: 9 }], lastDelta: 3 })],
  ['a codec that there is not', () => batchBytes({ records: numbered(1), attributes: 5 })],
  ...[1, 2, 3, 4].map(
    (codec) =>
      [`what codec ${codec} did not pack`, () => batchBytes({ records: numbered(9), attributes: codec })] as const,
  ),
];

test.each(NONSENSE)('untrusted bytes: %s is an error', async (_, bytes) => {
  await expect(async () => slices(storedIn(bytes()), 0, 10)).rejects.toThrow(UnreadableBatch);
});

/** A frame of zstd: blocks that say which byte stands there 128 KiB long. */
function zstdBomb(blocks: number): Buffer {
  const header = (last: number): Buffer =>
    Buffer.from([last | (1 << 1) | ((131_072 << 3) & 0xff), (131_072 >> 5) & 0xff, (131_072 >> 13) & 0xff, 0x61]);
  const head = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x58]);
  return Buffer.concat([head, ...Array.from({ length: blocks }, (_, i) => header(i === blocks - 1 ? 1 : 0))]);
}

test.each([
  ['gzip', 1, () => gzipSync(Buffer.alloc(140 * 1_048_576))],
  ['zstd', 4, () => zstdBomb(1_120)],
])('untrusted bytes: a few packed with %s do not fill the memory', async (_, attributes, pack) => {
  const before = process.memoryUsage().rss;
  await expect(slices([stored({ records: numbered(1), attributes, pack })], 0, 10)).rejects.toThrow(/134217728 bytes/);
  expect(process.memoryUsage().rss - before).toBeLessThan(600 * 1_048_576);
});

test('what zstd packs in many blocks is put together again', async () => {
  // 131,072 bytes of "a" a block: the length of no record, so that it is refused only once it was unpacked.
  const batch = stored({ records: numbered(1), attributes: 4, pack: () => zstdBomb(3) });
  const { bytes } = await batch.records();
  expect([bytes.length, bytes.every((byte) => byte === 0x61)]).toEqual([393_216, true]);
});

test('untrusted bytes: whatever they are, they are read or refused, and soon', async () => {
  const bytes = batchBytes({
    records: Array.from({ length: 5 }, (_, delta) => ({
      delta,
      key: text('k'),
      value: text('value'),
      headers: [['import', 'imp-1']],
    })),
  });
  const change = fc.tuple(fc.nat(bytes.length - 1), fc.nat(255));
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async (changes) => {
      const changed = Buffer.from(bytes);
      for (const [at, byte] of changes) changed[at] = byte;
      try {
        const found = await slices(storedIn(changed), 0, 10);
        expect(found.flat().length).toBeLessThanOrEqual(5);
      } catch (error) {
        expect(error).toBeInstanceOf(UnreadableBatch);
      }
    }),
    { numRuns: 2_000 },
  );
});
