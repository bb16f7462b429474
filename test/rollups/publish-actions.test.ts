import { expect, test } from 'vitest';
import type { Reader } from '../../src/metrics/reader.ts';
import { type PublishActionsParts, publishActions } from '../../src/rollups/publish-actions.ts';
import { Calendar } from '../../src/time/calendar.ts';

const start = Date.parse('2026-11-20T12:00:00Z');

function parts(over: Partial<PublishActionsParts> = {}) {
  const sent: string[] = [];
  let published: number | undefined = start;
  const made: PublishActionsParts = {
    store: {
      takeLease: async () => true,
      releaseLease: async () => undefined,
      published: async () => published,
      advance: async (toMs) => {
        published = toMs;
      },
    },
    reader: { counters: async (_, { labels }) => labels.map((label) => new Map([[label, 1]])) } as Pick<
      Reader,
      'counters'
    > as Reader,
    calendar: new Calendar('UTC'),
    log: {
      publish: async (_topic, messages) => {
        sent.push(...messages.map(({ key }) => key));
      },
    },
    asOf: async () => start + 60_000,
    now: () => start + 60_000,
    ...over,
  };
  return { made, sent, published: () => published };
}

test('a window is published once it is over, and two seconds more', async () => {
  const { made, sent } = parts({ now: () => start + 11_999 });
  expect(await publishActions(made)).toBe(1);
  expect(sent).toEqual(['2026-11-20T12:00:00+00:00']);
  expect(await publishActions({ ...made, now: () => start + 12_000 })).toBe(1);
});

test('while events wait to be counted no window is closed', async () => {
  const { made, sent } = parts({ asOf: async () => start + 6_000 });
  expect(await publishActions(made)).toBe(0);
  expect(sent).toEqual([]);
});

test('what could not be published is published again, and nothing is left out', async () => {
  const { made, published } = parts({ log: { publish: () => Promise.reject(new Error('away')) } });
  await expect(publishActions(made)).rejects.toThrow('away');
  expect(published()).toBe(start);
  const { log } = parts().made;
  expect(await publishActions({ ...made, log })).toBe(11);
  expect(published()).toBe(start + 55_000);
});

test('whoever has no lease publishes nothing', async () => {
  const { made, sent } = parts();
  const store = { ...made.store, takeLease: async () => false };
  expect(await publishActions({ ...made, store })).toBe(0);
  expect(sent).toEqual([]);
});
