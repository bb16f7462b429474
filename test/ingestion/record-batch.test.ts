import { expect, test } from 'vitest';
import { recordBatchOf } from '../../src/ingestion/ports/record-batch.ts';
import { record, recordsOf } from '../support/fakes/still-log.ts';

const records = [
  record(7, 'first', 1_000),
  { ...record(8, '', 2_000), value: null },
  record(9, '', 3_000),
  { ...record(10, 'last', 4_000), importId: 'imp-1' },
];
const batch = recordBatchOf(records);

test('a batch shows where each value lies, and where there is none', () => {
  const values = Array.from(batch.starts, (start, i) =>
    start < 0 ? null : batch.bytesOf(i).toString('utf8', start, batch.ends[i]),
  );
  expect(values).toEqual(['first', null, '', 'last']);
  expect([batch.starts[1], batch.ends[1]]).toEqual([-1, -1]);
  expect([...batch.arrivedAtMs]).toEqual([1_000, 2_000, 3_000, 4_000]);
  expect([batch.importOf(0), batch.importOf(3)]).toEqual([undefined, 'imp-1']);
});

test('a slice of a slice is what lies there, and nothing is copied', () => {
  const slice = batch.slice(1).slice(1, 3);
  expect(recordsOf(slice)).toEqual(records.slice(2));
  expect([slice.positionOf(0), slice.nextOf(1)]).toEqual(['9', '11']);
  expect(slice.arrivedAtMs.buffer).toBe(batch.arrivedAtMs.buffer);
  expect(batch.slice(4).length).toBe(0);
  expect(() => slice.record(2)).toThrow('a batch of 2 records has none at 2');
});
