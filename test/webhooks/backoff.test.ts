import { expect, test } from 'vitest';
import { ATTEMPTS, afterFailure, backoffMs, HEALTHY } from '../../src/webhooks/backoff.ts';
import { type Endpoint, wants } from '../../src/webhooks/endpoint.ts';

const DAY = 86_400_000;

test('tries are spread over about a day, each time later, with jitter', () => {
  const waits = Array.from({ length: ATTEMPTS - 1 }, (_, i) => backoffMs(i + 1, 0.5));
  const total = waits.reduce((sum, ms) => sum + ms, 0);
  expect(total).toBeGreaterThan(0.6 * DAY);
  expect(total).toBeLessThan(DAY);
  expect(waits).toEqual([...waits].sort((a, b) => a - b));
  expect(backoffMs(3, 0)).toBe(0.75 * backoffMs(3, 0.5));
  expect(backoffMs(3, 1)).toBe(1.25 * backoffMs(3, 0.5));
});

test('an endpoint that fails five times in a row rests, longer each further time, at most half an hour', () => {
  let health = HEALTHY;
  const rests: number[] = [];
  for (let i = 0; i < 14; i++) {
    health = afterFailure(health, 1_000);
    rests.push(health.openUntilMs - 1_000);
  }
  expect(rests.slice(0, 4)).toEqual([0, 0, 0, 0]);
  expect(rests.slice(4, 7)).toEqual([30_000, 60_000, 120_000]);
  expect(rests.at(-1)).toBe(30 * 60_000);
});

const endpoint: Endpoint = { id: 'e', url: 'https://a.example/', events: ['cart.abandoned'], secret: 's' };
const cart = { type: 'cart.abandoned', value: 20, city: 'Pune', stage: 'checkout' } as const;

test.each([
  ['all of its events', {}, true],
  ['not others', { events: ['cart.recovered'] }, false],
  ['worth enough', { min_value: 20 }, true],
  ['not worth too little', { min_value: 20.01 }, false],
  ['of its cities', { cities: ['Berlin', 'Pune'] }, true],
  ['not of others', { cities: ['Berlin'] }, false],
  ['of its stages', { stages: ['checkout'] }, true],
  ['not of others, by stage', { stages: ['cart'] }, false],
  ['nothing once it was gone', { disabledAt: '2026-11-20T00:00:00Z' }, false],
] as const)('an endpoint wants carts: %s', (_, filter, wanted) => {
  expect(wants({ ...endpoint, ...filter } as Endpoint, cart)).toBe(wanted);
});
