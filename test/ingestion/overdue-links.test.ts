import { expect, test } from 'vitest';
import { OverdueLinks } from '../../src/ingestion/overdue-links.ts';

const partition = { topic: 'events', index: 0 } as const;

/** Users who are overdue by lane time, and whom a record lets go. */
function waiting(...users: string[]) {
  const [clock, released] = [{ ms: 0 }, [] as string[]];
  const watermark = { rounds: 0, advance: async () => undefined };
  const overdue = new OverdueLinks({
    store: { linksDue: async () => users },
    log: {
      append: async (records) => {
        released.push(...records.map(({ key }) => key ?? ''));
        return records.map(() => ({ outcome: 'acknowledged' }));
      },
    },
    now: () => clock.ms,
    watermark,
  });
  const later = async (ms: number): Promise<readonly string[]> => {
    clock.ms += ms;
    await overdue.release(partition, 0);
    return released;
  };
  return { watermark, later, users };
}

test('who is overdue waits on until all that had arrived is counted, once more than the round under way', async () => {
  const { watermark, later } = waiting('ann');
  expect(await later(0)).toEqual([]);
  watermark.rounds = 1;
  expect(await later(5_000)).toEqual([]);
  watermark.rounds = 2;
  expect(await later(1_000)).toEqual([]);
  expect(await later(4_000)).toEqual(['ann']);
});

test('a partition that nobody counts holds up nobody for longer than ten minutes', async () => {
  const { later } = waiting('ann');
  expect([await later(0), await later(595_000)].flat()).toEqual([]);
  expect(await later(10_000)).toEqual(['ann']);
});

test('who came in time, and is overdue again later, waits anew', async () => {
  const { watermark, later, users } = waiting('ann');
  await later(0);
  users.length = 0;
  watermark.rounds = 5;
  await later(5_000);
  users.push('ann');
  expect(await later(5_000)).toEqual([]);
});
