import { expect } from 'vitest';
import { DAY, HOUR } from '../oracle/events.ts';
import type { Oracle } from '../oracle/oracle.ts';
import type { Json, TestSystem } from '../system/system.ts';
import { comparison, inCents } from './answers.ts';

/** Every bucket of a day's series equals the plain count of that hour or quarter, and the comparison the day before. */
export async function expectSeries({ get, request }: TestSystem, oracle: Oracle, day: number): Promise<void> {
  const range = `from=${iso(day)}&to=${iso(day)}`;
  const hours = Array.from({ length: 24 }, (_, i) =>
    comparison({ get, request }, oracle, between(day + i * HOUR, HOUR)),
  );
  const each = (path: string): Promise<Json> => get(`${path}${path.includes('?') ? '&' : '?'}${range}&interval=hour`);
  const engagement: Json = await each('/v1/engagement');
  expect(engagement.series.map((p: Json) => [p.events, p.sessions])).toEqual(
    hours.map(({ sum }) => [sum('events'), sum('sessions')]),
  );
  const sessions: Json = await each('/v1/sessions');
  expect(sessions.series.map((p: Json) => p.new_users)).toEqual(hours.map(({ sum }) => sum('new_users')));
  const funnel: Json = await each('/v1/funnel');
  expect(funnel.series.map((p: Json) => p.stages.map((s: Json) => s.count))).toEqual(
    hours.map(({ sum }) => [0, 1, 2, 3, 4].map((i) => sum(`closed:shop:${i}`))),
  );
  const carts: Json = await each('/v1/abandonment');
  expect(carts.series.map((p: Json) => [p.carts, p.abandoned])).toEqual(
    hours.map(({ sum }) => [sum('cart:opened'), sum('cart:abandoned')]),
  );
  const quarters: Json = await get(`/v1/revenue?${range}&interval=15m`);
  expect(quarters.series.map((p: Json) => [inCents(p.revenue), p.orders])).toEqual(
    Array.from({ length: 96 }, (_, i) => {
      const { sum } = comparison({ get, request }, oracle, between(day + i * 900_000, 900_000));
      return [sum('revenue:USD'), sum('orders')];
    }),
  );
  const compared: Json = await (await request(`/v1/engagement?${range}&compare=previous`)).json();
  expect(compared.previous.events).toBe(comparison({ get, request }, oracle, between(day - DAY, DAY)).sum('events'));
}

const iso = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
const between = (from: number, length: number): string =>
  `from=${new Date(from).toISOString()}&to=${new Date(from + length).toISOString()}`;

/** The last hour by five seconds, and the live numbers. @returns how many windows had something in them */
export async function expectNow({ get, request }: TestSystem, oracle: Oracle): Promise<number> {
  const { windows }: Json = await get('/v1/leaderboard?limit=720');
  const shown = new Map(windows.map((w: Json) => [Date.parse(w.start), w.counts]));
  const expected = [...oracle.actions].filter(([start]) => shown.has(start));
  for (const [start, counts] of expected) expect(shown.get(start)).toEqual(Object.fromEntries(counts));
  const filled = windows.filter((w: Json) => Object.keys(w.counts).length > 0);
  expect(filled.length).toBe(expected.length);
  const live = await firstSnapshot(await request('/v1/live'));
  const open = oracle.openCarts('USD');
  expect([live.open_carts, inCents(live.open_carts_value)]).toEqual([open.count, open.value]);
  const today = Math.floor(Date.parse(live.at) / DAY) * DAY;
  const { sum } = comparison({ get, request }, oracle, between(today, DAY));
  expect([live.orders_today, inCents(live.revenue_today)]).toEqual([sum('orders'), sum('revenue:USD')]);
  return filled.length;
}

/** A stream says first when to come again; what counts follows. */
async function firstSnapshot(response: Response): Promise<Json> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    const data = /^data: (.*)$/m.exec(text)?.[1];
    if (data !== undefined) return JSON.parse(data);
  }
  throw new Error(`the stream ended without a snapshot: ${text}`);
}
