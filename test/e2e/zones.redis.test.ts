import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { queryEngagement } from '../../src/analytics/engagement/query.ts';
import { queryRevenue } from '../../src/analytics/revenue/query.ts';
import { parsePeriod } from '../../src/metrics/query/period.ts';
import { Calendar } from '../../src/time/calendar.ts';
import { counted } from '../support/core/questions.ts';
import { startRedis, type TestRedis } from '../support/servers/redis-server.ts';

const HOUR = 3_600_000;

let redis: TestRedis;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.close());

/** One purchase every ten minutes from two hours before the local day to two hours after it. */
function purchases(fromMs: number, toMs: number) {
  const events = [];
  for (let at = fromMs - 2 * HOUR; at < toMs + 2 * HOUR; at += 600_000) {
    events.push({ name: 'purchase', user_id: `u${at}`, transaction_id: `t${at}`, value: 1, timestamp: at });
  }
  return events;
}

describe.each([
  ['Asia/Kolkata', '2026-11-20', '2026-11-19T18:30:00Z', 24],
  ['Asia/Kathmandu', '2026-11-20', '2026-11-19T18:15:00Z', 24],
  ['America/Sao_Paulo', '2026-11-20', '2026-11-20T03:00:00Z', 24],
  ['Europe/Berlin', '2026-03-29', '2026-03-28T23:00:00Z', 23],
  ['Europe/Berlin', '2026-10-25', '2026-10-24T22:00:00Z', 25],
])('a day of %s, %s', (timezone, day, begins, hours) => {
  const fromMs = Date.parse(begins);
  const toMs = fromMs + hours * HOUR;

  test('begins and ends at local midnight, and has as many hours as the clock has', async () => {
    const { as, close } = await counted(redis.url, purchases(fromMs, toMs), { timezone });
    const context = as(toMs + HOUR, { from: day, to: day });
    const answer = await queryEngagement({ interval: 'hour', limit: 10 }, context);
    expect(answer.events).toBe(hours * 6);
    const series = 'series' in answer ? answer.series : [];
    expect(series.map(({ events }) => events)).toEqual(Array.from({ length: hours }, () => 6));
    expect(series.map(({ start }) => Date.parse(start))).toEqual(
      Array.from({ length: hours }, (_, i) => fromMs + i * HOUR),
    );
    expect(new Set(series.map(({ start }) => start)).size).toBe(hours);
    close();
  });

  test('has its quarters of an hour, each with its own revenue', async () => {
    const { as, close } = await counted(redis.url, purchases(fromMs, toMs), { timezone });
    const { series, orders } = await queryRevenue(
      { interval: '15m', limit: 10 },
      as(toMs + HOUR, { from: day, to: day }),
    );
    expect(orders).toBe(hours * 6);
    expect(series.map((point) => point.orders)).toEqual(Array.from({ length: hours * 2 }, () => [2, 1]).flat());
    close();
  });

  test('adds up from any whole local hours, and refuses what is none', async () => {
    const { as, close } = await counted(redis.url, purchases(fromMs, toMs), { timezone });
    const iso = (ms: number): string => new Date(ms).toISOString();
    for (const [from, to] of [
      [0, 3],
      [2, hours],
      [1, 2],
    ] as const) {
      const context = as(toMs + HOUR, { from: iso(fromMs + from * HOUR), to: iso(fromMs + to * HOUR) });
      expect(await queryEngagement({ limit: 10 }, context)).toMatchObject({ events: (to - from) * 6 });
    }
    const calendar = new Calendar(timezone);
    const rules = { calendar, nowMs: toMs, hourlyDays: 8, grain: 'hour' } as const;
    expect(() => parsePeriod({ from: iso(fromMs + 600_000) }, rules)).toThrow('whole hour');
    close();
  });
});
