import { describe, expect, test } from 'vitest';
import { validateEvent } from '../../src/events/validation/validate.ts';
import { Shop, type SimulatedEvent } from '../../src/simulator/shop.ts';
import { arrivalAt } from '../support/traffic/arrival.ts';

const start = Date.parse('2026-11-20T00:00:00Z');

function simulate(seed: number, count = 30_000): SimulatedEvent[] {
  const shop = new Shop({ seed });
  const events: SimulatedEvent[] = [];
  for (let i = 0; events.length < count; i++) events.push(...shop.next(start + i * 200));
  return events;
}

const events = simulate(1);
const named = (name: string) => events.filter((event) => event.name === name);

describe('the simulated shop', () => {
  test('repeats itself with its seed, and only then', () => {
    expect(simulate(1, 2_000)).toEqual(events.slice(0, simulate(1, 2_000).length));
    expect(simulate(2, 2_000)).not.toEqual(simulate(1, 2_000));
  });

  test('sends valid events only, each with an id of its own', () => {
    const outcomes = events.map((event) => validateEvent(event, arrivalAt(start + 86_400_000)));
    expect(outcomes.filter(({ outcome }) => outcome !== 'valid')).toEqual([]);
    expect(new Set(events.map((event) => event['event_id'])).size).toBe(events.length);
  });

  test('names its users sim-…; some return, and several are about at once', () => {
    const sessions = new Map<string, Set<unknown>>();
    for (const event of events) {
      if (event['user_id'] === undefined) continue;
      const user = String(event['user_id']);
      sessions.set(user, (sessions.get(user) ?? new Set()).add(event['session_id']));
    }
    expect([...sessions.keys()].filter((user) => !/^sim-\d+$/.test(user))).toEqual([]);
    expect([...sessions.values()].filter((of) => of.size > 1).length).toBeGreaterThan(100);
    expect(new Set(events.slice(1_000, 1_050).map((event) => event['session_id'])).size).toBeGreaterThan(10);
  });

  test('loses visitors at every stage', () => {
    const counts = ['view_item', 'add_to_cart', 'begin_checkout', 'purchase'].map(
      (name) => new Set(named(name).map((event) => event['session_id'])).size,
    );
    for (const [i, count] of counts.entries())
      expect(count).toBeLessThan(i === 0 ? events.length : (counts[i - 1] ?? 0));
    expect(counts[3]).toBeGreaterThan(50);
  });

  test('has favourites: a tenth of its products draw most of the views', () => {
    const views = new Map<string, number>();
    for (const event of named('view_item')) {
      const [item] = event['items'] as { item_id: string }[];
      views.set(item?.item_id ?? '', (views.get(item?.item_id ?? '') ?? 0) + 1);
    }
    const sorted = [...views.values()].sort((a, b) => b - a);
    const share = sorted.slice(0, 40).reduce((sum, n) => sum + n, 0) / named('view_item').length;
    expect(share).toBeGreaterThan(0.5);
  });

  test('differs by city, searches, keeps stock and changes prices', () => {
    const rate = (city: string): number =>
      named('add_to_cart').filter((event) => event['city'] === city).length /
      named('view_item').filter((event) => event['city'] === city).length;
    expect(rate('Bengaluru')).toBeGreaterThan(1.3 * rate('Kathmandu'));
    expect(named('search').some((event) => event['results_count'] === 0)).toBe(true);
    for (const name of ['stock_update', 'price_change', 'remove_from_cart', 'refund'])
      expect([name, named(name).length]).not.toEqual([name, 0]);
  });
});
