import { expect, test } from 'vitest';
import { fillPast } from '../../src/simulator/fill-past.ts';
import { pastOf } from '../../src/simulator/past.ts';
import type { SimulatedEvent } from '../../src/simulator/shop.ts';
import { silent } from '../support/system/system.ts';

const DAY = 86_400_000;
const endMs = Date.parse('2026-11-28T15:10:00Z');
const options = {
  seed: 3,
  catalogueSeed: 7,
  days: 30,
  events: 6_000,
  endMs,
  localHour: (ms: number) => new Date(ms).getUTCHours(),
};
const timeOf = ({ timestamp }: SimulatedEvent): number => Number(timestamp);

test('the past has every day, in order, and grows towards its end; evenings are busier than nights', () => {
  const times = [...pastOf(options)].map(timeOf);
  expect(times.length).toBeGreaterThan(5_700);
  expect(times.length).toBeLessThan(6_300);
  expect(times.every((ms, i) => ms >= (times[i - 1] ?? endMs - 30 * DAY) && ms < endMs)).toBe(true);
  const days = Array.from({ length: 30 }, (_, i) => times.filter((ms) => Math.floor((endMs - ms) / DAY) === i).length);
  expect(Math.min(...days)).toBeGreaterThan(10);
  expect(days[0] ?? 0).toBeGreaterThan(3 * (days[14] ?? 0));
  const at = (hour: number): number => times.filter((ms) => new Date(ms).getUTCHours() === hour).length;
  expect(at(20)).toBeGreaterThan(5 * at(3));
});

test('the same seed gives the same past, of the products that are sold now, with names of its own', () => {
  const [one, again] = [[...pastOf(options)], [...pastOf(options)]];
  expect(again).toEqual(one);
  const named = (events: readonly SimulatedEvent[]) =>
    new Map(
      events.flatMap(({ items }) => (Array.isArray(items) ? items : [])).map((item) => [item.item_id, item.item_name]),
    );
  const other = named([...pastOf({ ...options, seed: 4 })]);
  for (const [id, name] of named(one)) if (other.has(id)) expect(other.get(id)).toBe(name);
  expect(one.every(({ event_id }) => String(event_id).startsWith('past-'))).toBe(true);
});

test('it goes into its lane in parts, waits for what is counted, and closes the lane, also where it is stopped', async () => {
  const appended: number[] = [];
  let closed = 0;
  let waiting = 20_000;
  const parts = {
    lane: {
      append: async (events: readonly SimulatedEvent[]) => void appended.push(events.length),
      close: async () => void closed++,
    },
    waiting: async () => {
      waiting -= 5_000;
      return waiting;
    },
    sleep: async () => undefined,
    logger: silent,
  };
  await fillPast(pastOf(options), parts).done;
  const all = [...pastOf(options)].length;
  expect(appended.reduce((sum, n) => sum + n, 0)).toBe(all);
  expect(appended[0]).toBe(1_000);
  expect(closed).toBe(1);
  await fillPast(pastOf(options), { ...parts, waiting: async () => 1_000_000 }).stop();
  expect(closed).toBe(2);
});
