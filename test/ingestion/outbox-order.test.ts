import { expect, test } from 'vitest';
import type { PartitionId } from '../../src/events/partition.ts';
import { retractionId } from '../../src/fold/carts/cart-message.ts';
import { CROWDED } from '../../src/ingestion/outbox/message-publisher.ts';
import { OutboxPublisher } from '../../src/ingestion/outbox/outbox-publisher.ts';
import { MemoryOutbox, MemoryRetractions } from '../support/fakes/memory-outbox.ts';
import { eventually, silent } from '../support/system/system.ts';

const partition: PartitionId = { topic: 'events', index: 0 };
const saying = (topic: string, key: string, user_id = 'ann'): string =>
  JSON.stringify({ topic, key, value: JSON.stringify({ cart_id: key, user_id }) });

/** A publisher, what it has sent, and how far counting is. */
function publisher() {
  const out: string[] = [];
  const upTo = { abandoned: 0, recovered: 0 };
  const stores = {
    abandoned: new MemoryOutbox(),
    recovered: new MemoryOutbox(),
    records: new MemoryOutbox(),
    retracted: new MemoryRetractions(),
  };
  const outbox = new OutboxPublisher({
    ...stores,
    watermark: {
      advance: async () => undefined,
      abandonedUpTo: () => upTo.abandoned,
      recoveredUpTo: () => upTo.recovered,
    },
    log: {
      partitions: [partition],
      append: async (appends) => {
        out.push(...appends.map(({ value }) => value));
        return appends.map(() => ({ outcome: 'acknowledged' }));
      },
      publish: async (topic, entries) => void out.push(...entries.map(({ key }) => `${topic} ${key}`)),
    },
    listener: { notify: async () => undefined },
    now: () => 0,
    logger: silent,
    sleep: () => new Promise((resolve) => setImmediate(resolve)),
  });
  return { ...stores, outbox, out, upTo };
}

const sent = (of: ReturnType<typeof publisher>, n: number) =>
  eventually('what may go', async () => {
    of.outbox.kick(partition);
    return of.out.length >= n;
  });

test('a message waits until nothing can show any more that it is wrong; what partitions tell each other does not wait for it', async () => {
  const of = publisher();
  of.abandoned.add(saying('abandoned', 'a'), saying('abandoned', 'b'));
  of.records.add(JSON.stringify({ to: 'ann', key: 'ann', value: 'merge' }));
  await sent(of, 1);
  expect(of.out).toEqual(['merge']);
  of.upTo.abandoned = 1;
  await sent(of, 2);
  expect(of.out).toEqual(['merge', 'abandoned a']);
  await of.outbox.stop();
  expect(await of.abandoned.size()).toBe(1);
});

test('a cart that was recovered is told when all that was said before of carts is out, wherever it was said', async () => {
  const of = publisher();
  of.abandoned.add(saying('abandoned', 'a'));
  of.recovered.add(saying('recovered', 'a'));
  of.upTo.abandoned = 1;
  await sent(of, 1);
  expect(of.out).toEqual(['abandoned a']);
  of.upTo.recovered = 1;
  await sent(of, 2);
  await of.outbox.stop();
  expect(of.out).toEqual(['abandoned a', 'recovered a']);
});

test('what was retracted while it waited is never sent, and forgotten once nothing waits', async () => {
  const of = publisher();
  of.abandoned.add(saying('abandoned', 'a'), saying('abandoned', 'b'));
  of.retracted.ids.add(retractionId('a', 'ann')).add(retractionId('gone', 'ann'));
  of.upTo.abandoned = 2;
  await sent(of, 1);
  await eventually('nothing is kept', async () => of.retracted.ids.size === 0);
  await of.outbox.stop();
  expect(of.out).toEqual(['abandoned b']);
});

test('the next user of a cart who abandons it after all is told of, though the same was retracted of the guest', async () => {
  const of = publisher();
  of.abandoned.add(saying('abandoned', 'a', 'guest'));
  of.retracted.ids.add(retractionId('a', 'guest'));
  of.abandoned.add(saying('abandoned', 'a', 'ann'));
  of.upTo.abandoned = 2;
  await sent(of, 1);
  await of.outbox.stop();
  expect([of.out, await of.abandoned.size()]).toEqual([['abandoned a'], 0]);
});

test('where so many wait that counting would pause, the oldest leave as they are, but for what was retracted', async () => {
  const of = publisher();
  of.abandoned.add(...Array.from({ length: CROWDED + 1 }, (_, i) => saying('abandoned', String(i))));
  of.retracted.ids.add(retractionId('1', 'ann'));
  await sent(of, 1);
  await of.outbox.stop();
  expect(of.out.slice(0, 2)).toEqual(['abandoned 0', 'abandoned 2']);
  expect(await of.abandoned.size()).toBeLessThan(CROWDED);
});

test('a retraction stays as long as its message waits, and goes with it', async () => {
  const of = publisher();
  of.abandoned.add(saying('abandoned', 'a'), saying('abandoned', 'b'), saying('abandoned', 'c'));
  of.retracted.ids.add(retractionId('a', 'ann')).add(retractionId('b', 'ann'));
  of.upTo.abandoned = 1;
  await eventually('the first is left out', async () => {
    of.outbox.kick(partition);
    return (await of.abandoned.size()) === 2;
  });
  await of.outbox.stop();
  expect([[...of.retracted.ids], of.out]).toEqual([[retractionId('b', 'ann')], []]);
});

test('messages of before, when all waited in one queue, go out as they are', async () => {
  const of = publisher();
  of.abandoned.add(saying('abandoned', 'a'), saying('recovered', 'a'));
  of.upTo.abandoned = 2;
  await sent(of, 2);
  await of.outbox.stop();
  expect(of.out).toEqual(['abandoned a', 'recovered a']);
});
