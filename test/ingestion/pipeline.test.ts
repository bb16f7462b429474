import { describe, expect, test } from 'vitest';
import { OutboxFull, PartitionLost } from '../../src/ingestion/interruptions.ts';
import { StoreFull } from '../../src/ingestion/ports/headroom.ts';
import { recordsOf, StillLog } from '../support/fakes/still-log.ts';
import { partition, watchedPipeline } from '../support/fakes/watched-pipeline.ts';

const noon = Date.parse('2026-11-20T12:00:00Z');
const HOUR = 3_600_000;

const event = (id: string, name: string, userId: string, hours = 0) => ({
  event_id: id,
  name,
  user_id: userId,
  timestamp: noon + hours * HOUR,
  items: [{ item_id: 'mug', price: 5 }],
});
const BAD = 'no JSON';
const ERASURE = { control: 'erase', user_id: 'ann' };
/** ann's cart is abandoned by what ben does two hours later. */
const ABANDONING = [event('e1', 'add_to_cart', 'ann'), event('e2', 'page_view', 'ben', 2)];

describe('a batch goes its way', () => {
  test('decode → load → fold → commit → publish; dead letters are outside before the commit', async () => {
    const { trace, run } = watchedPipeline();
    await run([...ABANDONING, BAD]);
    expect(trace).toEqual(['decode', 'load', 'fold', 'dead letters', 'commit', 'publish']);
  });

  test('without a word about carts there is nothing to publish', async () => {
    const { trace, run } = watchedPipeline();
    await run([event('e1', 'page_view', 'ann')]);
    expect(trace).toEqual(['decode', 'load', 'fold', 'commit']);
  });

  test('the commit says whose it is, from where to where, and what came to what', async () => {
    const { store, run } = watchedPipeline();
    const counted = await run([event('e1', 'page_view', 'ann'), BAD, event('e1', 'page_view', 'ann')]);
    expect(counted).toMatchObject({ outcome: 'counted', position: '3' });
    expect(store.commits).toMatchObject([
      {
        partition,
        epoch: 1,
        expected: undefined,
        target: '3',
        arrivedAtMs: noon + 2 * HOUR + 2,
        tallies: { events: 1, duplicates: 1, rejected: 1 },
        deadLetters: [expect.stringContaining('the message is not JSON')],
      },
    ]);
    await run([event('e2', 'page_view', 'ann')]);
    expect(store.commits[1]).toMatchObject({ expected: '3', target: '4' });
  });

  test('what is folded is true of the position at which the batch began, whatever becomes of the owner meanwhile', async () => {
    const { store, standing, run } = watchedPipeline();
    store.onRead = () => Object.assign(standing, { position: '99' });
    await run([event('e1', 'page_view', 'ann')]);
    expect(store.commits[0]?.expected).toBeUndefined();
  });
});

describe('what must be outside before the commit', () => {
  test('dead letters: where they do not get out, nothing is committed', async () => {
    const away = Object.assign(new StillLog(1), { deadLetter: () => Promise.reject(new Error('no broker')) });
    const { store, run } = watchedPipeline({ log: away });
    await expect(run([BAD])).rejects.toThrow('no broker');
    expect(store.commits).toEqual([]);
  });

  test('an erasure, in the log and elsewhere', async () => {
    const { trace, store, run } = watchedPipeline();
    await run([event('e1', 'page_view', 'ann')]);
    trace.length = 0;
    await run([ERASURE]);
    expect(trace).toEqual(['decode', 'load', 'fold', 'erased in the log', 'erased elsewhere', 'commit']);
    expect(store.commits[1]?.erased).toBe('ann');
  });

  test('nothing, where all has been said already: a rebuild folds and commits alone', async () => {
    const { trace, store, run } = watchedPipeline({ muted: true });
    await run([...ABANDONING, BAD]);
    await run([ERASURE]);
    expect(trace).toEqual(['decode', 'load', 'fold', 'commit', 'decode', 'load', 'fold', 'commit']);
    expect(store.commits[0]?.tallies).toMatchObject({ rejected: 1 });
    expect(store.commits[0]?.writes.queued.size).toBe(0);
  });
});

describe('a record that must run alone', () => {
  test('among others: the batch comes back in parts, and nothing was read or written', async () => {
    const { trace, run } = watchedPipeline();
    const values = [event('e1', 'page_view', 'ann'), ERASURE, event('e2', 'page_view', 'ann'), BAD];
    const isolated = await run(values);
    if (isolated.outcome !== 'split') throw new Error('it was not isolated');
    expect(isolated.batches.map((batch) => recordsOf(batch).map(({ position }) => position))).toEqual([
      ['0'],
      ['1'],
      ['2', '3'],
    ]);
    expect(trace).toEqual(['decode']);
  });

  test('by itself it is counted', async () => {
    expect(await watchedPipeline().run([ERASURE])).toMatchObject({ outcome: 'counted' });
  });
});

describe('a commit', () => {
  test('that was applied before counts once: its owner goes on behind it, and reads anew', async () => {
    const { store, run } = watchedPipeline();
    store.answers.push('already-applied');
    expect(await run(ABANDONING)).toMatchObject({ outcome: 'counted', position: '2' });
    await run([event('e3', 'page_view', 'ann', 2)]);
    expect(store.asked[1]).toEqual(['uann']);
  });

  test('in conflict wrote nothing, and nothing is published', async () => {
    const { trace, store, run } = watchedPipeline();
    store.answers.push('conflict');
    expect(await run(ABANDONING)).toEqual({ outcome: 'conflict' });
    expect(trace).not.toContain('publish');
  });

  test('of an owner who is none any more is an interruption', async () => {
    const { store, run } = watchedPipeline();
    store.answers.push('fenced');
    await expect(run(ABANDONING)).rejects.toThrow(PartitionLost);
  });

  test('that the outbox has no room for is one as well, and the publisher is told', async () => {
    const { trace, store, run } = watchedPipeline();
    store.answers.push('outbox-full');
    await expect(run(ABANDONING)).rejects.toThrow(OutboxFull);
    expect(trace.slice(-2)).toEqual(['commit', 'publish']);
  });

  test('is not tried where the store has no room', async () => {
    const { trace, run } = watchedPipeline({ headroom: { full: () => 'the disk is full' } });
    await expect(run(ABANDONING)).rejects.toThrow(new StoreFull('the disk is full; counting pauses'));
    expect(trace).toEqual([]);
  });
});

describe('what the owner keeps in memory', () => {
  const first = [event('e1', 'page_view', 'ann')];
  const second = [event('e2', 'page_view', 'ann')];

  test('after a commit that was applied, a visitor who comes again is not read again', async () => {
    const { store, run } = watchedPipeline();
    await run(first);
    await run(second);
    expect(store.asked).toEqual([['uann'], []]);
  });

  test.each(['conflict', 'fenced', 'outbox-full', 'already-applied'] as const)(
    'is dropped after %s',
    async (answer) => {
      const { store, run } = watchedPipeline();
      await run(first);
      store.answers.push(answer);
      await run(second).catch(() => undefined);
      await run([event('e3', 'page_view', 'ann')]);
      expect(store.asked).toEqual([['uann'], [], ['uann']]);
    },
  );

  test('is dropped after a commit of which no answer came', async () => {
    const { store, run } = watchedPipeline();
    await run(first);
    store.answers.push(new Error('the connection broke'));
    await expect(run(second)).rejects.toThrow('the connection broke');
    await run(second);
    expect(store.asked).toEqual([['uann'], [], ['uann']]);
  });

  test('is dropped where the partition was claimed anew while the batch ran', async () => {
    const { store, run } = watchedPipeline();
    await run(first);
    await run(second, () => false);
    await run([event('e3', 'page_view', 'ann')]);
    expect(store.asked).toEqual([['uann'], [], ['uann']]);
  });

  test('is dropped when its owner says so, and by an erasure', async () => {
    const { store, pipeline, run } = watchedPipeline();
    await run(first);
    pipeline.invalidate(partition);
    await run(second);
    await run([ERASURE]);
    await run([event('e3', 'page_view', 'ann')]);
    expect(store.asked).toEqual([['uann'], ['uann'], ['uann']]);
  });
});
