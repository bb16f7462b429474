import { expect, test } from 'vitest';
import { FairOrder } from '../../../../src/adapters/kafka/fetch/fair-order.ts';
import { stored } from '../../../support/fakes/stored-batches.ts';

const MAX_BYTES = 1_600;
const ROOM = 2_000;

/** What a broker holds of each partition, in bytes, and how it fills a response of limited room in the order in which it is asked. */
function broker(held: Map<string, number>) {
  const order = new FairOrder();
  const topics = ['a', 'b'].map((topic) => ({
    topic,
    partitions: [0, 1, 2].map((partition) => ({ partition, maxBytes: MAX_BYTES })),
  }));
  return (): string[] => {
    let room = ROOM;
    const responses = order.order(topics).map(({ topic, partitions }) => ({
      topicName: topic,
      partitions: partitions.map(({ partition, maxBytes }) => {
        const bytes = Math.min(room, maxBytes, held.get(`${topic}/${partition}`) ?? 0);
        room -= bytes;
        held.set(`${topic}/${partition}`, (held.get(`${topic}/${partition}`) ?? 0) - bytes);
        const messages = bytes < 80 ? [] : [stored({ records: [{ delta: 0, value: Buffer.alloc(bytes - 75) }] })];
        return { partition, messages };
      }),
    }));
    order.note(topics, responses);
    return responses.flatMap(({ topicName, partitions }) =>
      partitions.filter(({ messages }) => messages.length > 0).map(({ partition }) => `${topicName}/${partition}`),
    );
  };
}

test('of partitions that are all behind each is read in turn', () => {
  const names = ['a/0', 'a/1', 'a/2', 'b/0', 'b/1', 'b/2'];
  const fetch = broker(new Map(names.map((name) => [name, 100_000])));
  const first = [fetch(), fetch(), fetch()].flat();
  expect(new Set(first)).toEqual(new Set(names));
});

test('a partition that is not behind is read every time', () => {
  const held = new Map([
    ['a/0', 100_000],
    ['a/1', 100_000],
    ['a/2', 100_000],
  ]);
  const fetch = broker(held);
  fetch();
  for (let i = 0; i < 6; i += 1) {
    held.set('b/2', 90);
    expect(fetch()).toContain('b/2');
  }
});
