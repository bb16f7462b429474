import { expect, test } from 'vitest';
import { markAborted } from '../../../../src/adapters/kafka/fetch/aborted.ts';
import { stored } from '../../../support/fakes/stored-batches.ts';

const DATA = 0x10;
const CONTROL = 0x30;

const data = (producerId: number, firstOffset: number, attributes = DATA) =>
  stored({ producerId, firstOffset, attributes, records: [{ delta: 0 }, { delta: 1 }] });
const ends = (producerId: number, firstOffset: number, outcome: 'aborted' | 'committed') => {
  const key = Buffer.from([0, 0, 0, outcome === 'aborted' ? 0 : 1]);
  return stored({ producerId, firstOffset, attributes: CONTROL, records: [{ delta: 0, key, value: Buffer.alloc(6) }] });
};
/** Offsets of the batches whose records are handed out. */
const kept = (batches: readonly ReturnType<typeof data>[], aborted: readonly (readonly [number, number])[]) =>
  markAborted({
    messages: batches,
    abortedTransactions: aborted.map(([producerId, first]) => ({
      producerId: String(producerId),
      firstOffset: String(first),
    })),
  })
    .filter(({ count }) => count > 0)
    .map(({ firstOffset }) => firstOffset);

test('records of an aborted transaction are not handed out; those of others beside it are', () => {
  const batches = [data(1, 0), data(2, 2), data(-1, 4, 0), ends(1, 6, 'aborted'), ends(2, 7, 'committed'), data(1, 8)];
  expect(kept(batches, [[1, 0]])).toEqual([2, 4, 8]);
  expect(kept([data(1, 0), ends(1, 2, 'committed')], [])).toEqual([0]);
});

test('several aborted transactions at a time: none of their records is, in whatever order the broker lists them', () => {
  // As the broker lists them: by where they end.
  const aborted = [
    [2, 2],
    [1, 0],
  ] as const;
  const all = [data(1, 0), data(2, 2), ends(2, 4, 'aborted'), data(1, 5), ends(1, 7, 'aborted'), data(2, 8)];
  expect(kept(all, aborted)).toEqual([8]);
  // Read from the middle of both.
  expect(kept([data(1, 5), data(2, 7), ends(2, 9, 'aborted'), ends(1, 10, 'aborted')], aborted)).toEqual([]);
});

test('a producer’s next transaction is told from its aborted one', () => {
  const batches = [
    data(1, 0),
    ends(1, 2, 'aborted'),
    data(1, 3),
    ends(1, 5, 'committed'),
    data(1, 6),
    ends(1, 8, 'aborted'),
  ];
  expect(
    kept(batches, [
      [1, 0],
      [1, 6],
    ]),
  ).toEqual([3]);
});
