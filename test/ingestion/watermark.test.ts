import { expect, test } from 'vitest';
import { type PartitionId, partitionName } from '../../src/events/partition.ts';
import { Watermark } from '../../src/ingestion/outbox/watermark.ts';
import type { Position } from '../../src/ingestion/ports/event-log.ts';
import type { PartitionStatus } from '../../src/ingestion/ports/status-store.ts';
import { StillLog } from '../support/fakes/still-log.ts';

const NOTHING_WAITS = {
  waiting: 0,
  recordsWaiting: 0,
  isFull: false,
  firstAbandoned: undefined,
  firstRecord: undefined,
};

/** Two partitions whose counting, queues and ends a test sets. */
function standing() {
  const log = new StillLog(2);
  const ends = [0, 0];
  const counted: (Partial<PartitionStatus> & { at: number })[] = [{ at: 0 }, { at: 0 }];
  log.ends = async () => new Map(log.partitions.map((one, i) => [partitionName(one), String(ends[i]) as Position]));
  const statusOf = (partition: PartitionId, i: number): PartitionStatus => {
    const { at = 0, ...more } = counted[i] ?? {};
    const position = String(at) as Position;
    return {
      ...NOTHING_WAITS,
      partition,
      position,
      arrivedAtMs: 0,
      tallies: new Map(),
      queued: 0,
      recoveries: 0,
      said: 0,
      ...more,
    };
  };
  const clock = { ms: 0 };
  const looks = { count: 0, takeMs: 0 };
  const store = {
    partitions: async (all: readonly PartitionId[]) => {
      looks.count += 1;
      clock.ms += looks.takeMs;
      return all.map(statusOf);
    },
  };
  const watermark = new Watermark({ log, store, now: () => clock.ms });
  const [first, second] = log.partitions;
  if (first === undefined || second === undefined) throw new Error('there are two');
  const upTo = async () => {
    // It lets what is sent at one time join every partition.
    for (let i = 0; i < 2; i++, clock.ms += 600) await watermark.advance();
    return [watermark.abandonedUpTo(first), watermark.recoveredUpTo(first)];
  };
  return { counted, ends, upTo, log, watermark, clock, looks, first };
}

test('nothing may go while another partition has not counted what had arrived', async () => {
  const { counted, ends, upTo } = standing();
  ends[1] = 10;
  counted[0] = { at: 0, queued: 3 };
  expect(await upTo()).toEqual([0, 0]);
  counted[1] = { at: 9 };
  expect(await upTo()).toEqual([0, 0]);
  // What is said meanwhile, and what arrives meanwhile, is of the next time.
  counted[0] = { at: 0, queued: 5 };
  counted[1] = { at: 10 };
  ends[1] = 12;
  expect((await upTo())[0]).toBe(0);
  counted[1] = { at: 12 };
  expect((await upTo())[0]).toBe(3);
});

test('what partitions tell each other because of it has to join the log, and to be counted, as often as one follows from another', async () => {
  const { counted, ends, upTo } = standing();
  ends.fill(1);
  counted[0] = { at: 1, queued: 3 };
  counted[1] = { at: 1, said: 7, recordsWaiting: 2, firstRecord: 6 };
  expect((await upTo())[0]).toBe(0);
  counted[1] = { at: 1, said: 7 };
  ends[0] = 3;
  expect((await upTo())[0]).toBe(0);
  // The link is counted, and says a merge.
  counted[0] = { at: 3, queued: 3, said: 1, recordsWaiting: 1, firstRecord: 1 };
  expect((await upTo())[0]).toBe(0);
  counted[0] = { at: 3, queued: 3, said: 1 };
  ends[1] = 2;
  expect((await upTo())[0]).toBe(0);
  counted[1] = { at: 2, said: 7 };
  expect((await upTo())[0]).toBe(3);
});

test('a guest’s purchase that is told, links and so takes a message back is counted to its end', async () => {
  const { counted, ends, upTo } = standing();
  const standings = [
    { at: 0, queued: 3, said: 0 },
    { at: 0, said: 0 },
  ];
  // `returned` to the user's partition, `link` to the guest's, `merge` to the user's.
  for (const [hop, from] of [0, 1, 0].entries()) {
    const [teller, told] = [standings[from], standings[1 - from]];
    if (teller === undefined || told === undefined) throw new Error('there are two');
    teller.said += 1;
    counted[from] = { ...teller, recordsWaiting: 1, firstRecord: teller.said };
    expect([hop, (await upTo())[0]]).toEqual([hop, 0]);
    counted[from] = { ...teller };
    ends[1 - from] = told.at + 1;
    expect([hop, (await upTo())[0]]).toEqual([hop, 0]);
    told.at += 1;
    counted[1 - from] = { ...told };
  }
  expect((await upTo())[0]).toBe(3);
});

test('where records are said all the time, three of them in a row are enough', async () => {
  const { counted, upTo } = standing();
  for (let said = 0, calls = 0; ; said++, calls++) {
    counted[0] = { at: 0, queued: 3, said };
    counted[1] = { at: 0, said, recordsWaiting: 1, firstRecord: said };
    const [abandoned] = await upTo();
    if (abandoned === 3) break;
    expect(calls).toBeLessThan(9);
  }
});

test('what was recovered may go when all that was said abandoned by then is out, in every partition', async () => {
  const { counted, upTo } = standing();
  counted[0] = { at: 0, queued: 3, recoveries: 2 };
  counted[1] = { at: 0, queued: 9, waiting: 1, firstAbandoned: 9 };
  expect(await upTo()).toEqual([3, 0]);
  counted[0] = { at: 0, queued: 4, recoveries: 5 };
  expect((await upTo())[1]).toBe(0);
  counted[1] = { at: 0, queued: 10, waiting: 1, firstAbandoned: 10 };
  await upTo();
  expect((await upTo())[1]).toBe(2);
});

test('what was recovered waits also for what was said abandoned elsewhere while all was counted: it may have been said before', async () => {
  const { counted, ends, upTo } = standing();
  ends[1] = 1;
  counted[0] = { at: 0, queued: 3, recoveries: 3 };
  await upTo();
  counted[1] = { at: 1, queued: 1, firstAbandoned: 1 };
  expect(await upTo()).toEqual([3, 0]);
  await upTo();
  expect((await upTo())[1]).toBe(0);
  counted[1] = { at: 1, queued: 1 };
  await upTo();
  expect((await upTo())[1]).toBe(3);
});

test('where Redis went back in time, what is said anew waits anew', async () => {
  const { counted, ends, upTo } = standing();
  counted[0] = { at: 0, queued: 9, recoveries: 9 };
  await upTo();
  expect(await upTo()).toEqual([9, 9]);
  counted[0] = { at: 0, queued: 5, recoveries: 5 };
  ends[1] = 1;
  expect(await upTo()).toEqual([0, 0]);
  counted[1] = { at: 1 };
  await upTo();
  expect(await upTo()).toEqual([5, 5]);
});

test('a round under way when Redis went back in time lets nothing go', async () => {
  const { counted, ends, upTo } = standing();
  ends[1] = 1;
  counted[0] = { at: 0, queued: 9 };
  await upTo();
  counted[0] = { at: 0, queued: 5 };
  counted[1] = { at: 1 };
  expect((await upTo())[0]).toBeLessThanOrEqual(5);
  await upTo();
  expect((await upTo())[0]).toBe(5);
});

test('where the log does not tell its ends, nothing goes, and the next look asks again', async () => {
  const { counted, log, upTo } = standing();
  counted[0] = { at: 0, queued: 3 };
  const { ends } = log;
  log.ends = async () => Promise.reject(new Error('no broker'));
  await expect(upTo()).rejects.toThrow('no broker');
  log.ends = ends;
  await upTo();
  expect((await upTo())[0]).toBe(3);
});

test('what arrives within half a second after a message was said is counted before it goes', async () => {
  const { watermark, clock, counted, ends, first } = standing();
  counted[0] = { at: 0, queued: 3 };
  await watermark.advance();
  clock.ms = 499;
  await watermark.advance();
  ends[1] = 1;
  clock.ms = 500;
  await watermark.advance();
  expect(watermark.abandonedUpTo(first)).toBe(0);
  counted[1] = { at: 1 };
  clock.ms = 600;
  await watermark.advance();
  expect(watermark.abandonedUpTo(first)).toBe(3);
});

test('it looks once at a time, for a twentieth of the time, and once a second where a look takes long', async () => {
  const { watermark, clock, looks } = standing();
  looks.takeMs = 10;
  await Promise.all([watermark.advance(), watermark.advance()]);
  expect(looks.count).toBe(1);
  clock.ms = 10 + 199;
  await watermark.advance();
  expect(looks.count).toBe(1);
  clock.ms = 10 + 200;
  looks.takeMs = 400;
  await watermark.advance();
  const slow = looks.count;
  expect(slow).toBeGreaterThan(1);
  clock.ms += 999;
  await watermark.advance();
  expect(looks.count).toBe(slow);
  clock.ms += 1;
  await watermark.advance();
  expect(looks.count).toBeGreaterThan(slow);
});
