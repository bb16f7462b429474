import { expect, test } from 'vitest';
import { OutboxPublisher } from '../../src/ingestion/outbox/outbox-publisher.ts';
import { ALL_COUNTED, MemoryOutbox, MemoryRetractions } from '../support/fakes/memory-outbox.ts';
import { silent } from '../support/system/system.ts';

const partition = { topic: 'events', index: 0 } as const;
const message = JSON.stringify({ topic: 'abandoned', key: 'cart-1', value: '{"cart_id":"cart-1","user_id":"ann"}' });

test('after each failure kicks are heard later, at most a quarter of a minute; a success makes them heard at once', async () => {
  const clock = { ms: 0 };
  const tries: number[] = [];
  let away = true;
  const abandoned = new MemoryOutbox(message);
  const outbox = new OutboxPublisher({
    abandoned,
    recovered: new MemoryOutbox(),
    records: new MemoryOutbox(),
    retracted: new MemoryRetractions(),
    watermark: ALL_COUNTED,
    log: {
      partitions: [partition],
      append: async () => [],
      publish: async (topic) => {
        if (topic === 'abandoned') tries.push(clock.ms);
        if (away) throw new Error('no broker');
      },
    },
    listener: { notify: async () => undefined },
    now: () => clock.ms,
    logger: silent,
  });
  const kickFor = async (ms: number): Promise<void> => {
    for (const end = clock.ms + ms; clock.ms < end; clock.ms += 100) {
      outbox.kick(partition);
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  await kickFor(90_000);
  const pauses = tries.slice(1).map((at, i) => at - (tries[i] ?? 0));
  for (const [i, pauseMs] of pauses.entries()) {
    const longestMs = Math.min(500 * 2 ** i, 15_000);
    expect(pauseMs).toBeGreaterThanOrEqual(longestMs / 2);
    expect(pauseMs).toBeLessThanOrEqual(longestMs + 100);
  }
  expect(pauses.length).toBeGreaterThanOrEqual(9);
  away = false;
  await kickFor(15_100);
  expect(abandoned.texts).toEqual([]);
  abandoned.add(message);
  tries.length = 0;
  const kickedAtMs = clock.ms;
  await kickFor(100);
  expect(tries).toEqual([kickedAtMs]);
});
