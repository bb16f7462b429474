import { expect, test } from 'vitest';
import { busyness } from '../../src/simulator/busyness.ts';
import { fillPast } from '../../src/simulator/fill-past.ts';
import { pastOf } from '../../src/simulator/past.ts';
import type { SimulatedEvent } from '../../src/simulator/shop.ts';
import { silent } from '../support/system/system.ts';

const DAY = 86_400_000;
const endMs = Date.parse('2026-11-28T15:10:00Z');
const localHour = (ms: number): number => new Date(ms).getUTCHours();
const eventsInHour = busyness({ days: 30, events: 6_000, endMs, localHour });
const options = { seed: 3, catalogueSeed: 7, name: 'past', days: 30, endMs, eventsInHour };
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
  expect(at(20)).toBeGreaterThan(3 * at(3));
});

test('what comes after the past is as busy as the last day was at that hour', () => {
  const live = Array.from({ length: 48 }, (_, hour) => eventsInHour(endMs + hour * 3_600_000));
  expect(live.slice(24)).toEqual(live.slice(0, 24));
  const lastDay = [...pastOf(options)].map(timeOf).filter((ms) => ms >= endMs - DAY).length;
  const aDay = live.slice(0, 24).reduce((sum, events) => sum + events, 0);
  expect(aDay / lastDay).toBeGreaterThan(0.9);
  expect(aDay / lastDay).toBeLessThan(1.2);
});

test('visits are about as long where a shop is quiet as where it is busy', () => {
  const medianMinutes = (perHour: number): number => {
    const lasted = new Map<unknown, readonly [number, number]>();
    for (const event of pastOf({ ...options, days: 2, eventsInHour: () => perHour })) {
      const id = event['session_id'];
      if (id !== undefined) lasted.set(id, [lasted.get(id)?.[0] ?? timeOf(event), timeOf(event)]);
    }
    const minutes = [...lasted.values()].map(([from, to]) => (to - from) / 60_000).sort((a, b) => a - b);
    return minutes[Math.floor(minutes.length / 2)] ?? 0;
  };
  const [quiet, busy] = [medianMinutes(150), medianMinutes(1_500)];
  expect(busy).toBeGreaterThan(0.5);
  expect(quiet).toBeGreaterThan(busy / 2);
  expect(quiet).toBeLessThan(busy * 2);
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

test('it goes into its lanes in pieces, waits for what is counted, and closes each lane, also where it is stopped', async () => {
  const appended: number[] = [];
  let closed = 0;
  let waiting = 20_000;
  const lane = {
    append: async (events: readonly SimulatedEvent[]) => void appended.push(events.length),
    close: async () => void closed++,
  };
  const one = () => ({ events: pastOf(options), lane });
  const parts = {
    waiting: async () => {
      waiting -= 5_000;
      return waiting;
    },
    sleep: async () => undefined,
    logger: silent,
  };
  await fillPast([one(), one()], parts).done;
  const all = 2 * [...pastOf(options)].length;
  expect(appended.reduce((sum, n) => sum + n, 0)).toBe(all);
  expect(appended[0]).toBe(1_000);
  expect(closed).toBe(2);
  await fillPast([one(), one()], { ...parts, waiting: async () => 1_000_000 }).stop();
  // What was begun is closed, and no other is begun.
  expect(closed).toBe(3);
});
