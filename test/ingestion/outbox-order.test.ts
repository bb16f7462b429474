import { expect, test } from 'vitest';
import { OutboxPublisher } from '../../src/ingestion/outbox-publisher.ts';
import { silent } from '../support/system/system.ts';

const partition = { topic: 'events', index: 0 } as const;

test('what was said of a cart is out before the record joins the log by which the cart goes over to another partition', async () => {
  const out: string[] = [];
  let [messages, records] = [
    [JSON.stringify({ topic: 'abandoned', key: 'cart-1', value: '{}' })],
    [JSON.stringify({ to: 'ann', key: 'ann', value: 'merge' })],
  ];
  const outbox = new OutboxPublisher({
    store: {
      waiting: async () => messages,
      remove: async () => {
        messages = [];
      },
    },
    records: {
      waiting: async () => records,
      remove: async () => {
        records = [];
      },
    },
    log: {
      partitions: [partition],
      append: async (appends) => {
        out.push(...appends.map(({ value }) => value));
        return appends.map(() => ({ outcome: 'acknowledged' }));
      },
      publish: async (topic, entries) => void out.push(...entries.map(() => topic)),
    },
    listener: { notify: async () => undefined },
    now: () => 0,
    logger: silent,
  });
  outbox.kick(partition);
  for (let i = 0; i < 1_000 && out.length < 2; i++) await new Promise((resolve) => setImmediate(resolve));
  await outbox.stop();
  expect(out).toEqual(['abandoned', 'merge']);
});
