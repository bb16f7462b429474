import type { Json, TestSystem } from '../system/system.ts';
import type { Sums } from './plain-count.ts';

/** Stages as answers call them, under the names of events. */
const EVENTS: Readonly<Record<string, string>> = {
  view: 'view_item',
  cart: 'add_to_cart',
  checkout: 'begin_checkout',
};

/** What the API says of a day, under the names of the plain count. */
export async function answersOf({ get }: Pick<TestSystem, 'get'>, day: string): Promise<Sums> {
  const range = `from=${day}&to=${day}&limit=1000`;
  const sums: Sums = {};
  const set = (what: string, value: number): void => {
    sums[what] = Math.round(value);
  };
  const [sessions, engagement, pipeline]: Json[] = await Promise.all([
    get(`/v1/sessions?${range}&breakdown=customer`),
    get(`/v1/engagement?${range}`),
    get('/v1/pipeline'),
  ]);
  set('events', engagement.events);
  set('sessions', sessions.sessions);
  set('bounces', sessions.bounce_rate * sessions.sessions);
  set('session_ms', sessions.average_session_seconds * sessions.sessions * 1_000);
  set('purchasing', sessions.purchasing_sessions);
  set('new_users', sessions.new_users);
  for (const row of sessions.breakdown) set(`sessions|${row.customer}`, row.sessions);
  for (const { stage, reached } of sessions.by_stage) set(`funnel:${EVENTS[stage] ?? stage}`, reached);
  set('taken_back', pipeline.orders_taken_back);
  await addSales(get, range, set);
  await addUsers(get, range, set);
  return sums;
}

type Set = (what: string, value: number) => void;

async function addSales(get: TestSystem['get'], range: string, set: Set): Promise<void> {
  const products: Json[] = await get(`/v1/products?${range}`);
  for (const { item_id, orders } of products) set(`bought|${item_id}`, orders);
  const whole: Json = await get(`/v1/revenue?${range}&interval=day`);
  set('refunds', whole.refunds * 100);
  const add = (where: string, { orders, revenue, units }: Json): void => {
    set(`orders${where}`, orders);
    set(`revenue${where}`, revenue * 100);
    set(`units${where}`, units * 1_000);
  };
  add('', whole);
  for (const dimension of ['city', 'channel']) {
    const { breakdown }: Json = await get(`/v1/revenue?${range}&interval=day&breakdown=${dimension}`);
    for (const row of breakdown) if (row.orders > 0) add(`|${row[dimension]}`, row);
  }
  const carts: Json = await get(`/v1/abandonment?${range}`);
  set('opened', carts.carts);
  for (const step of ['purchased', 'emptied', 'abandoned']) set(step, carts[step]);
  set('abandoned_value', carts.abandoned_value * 100);
}

async function addUsers(get: TestSystem['get'], range: string, set: Set): Promise<void> {
  const { stages, series }: Json = await get(`/v1/funnel?${range}&mode=open&interval=hour`);
  for (const [i, { stage, count }] of stages.entries()) {
    const name = EVENTS[stage] ?? stage;
    set(`users day:${name}`, count);
    set(
      `users hour:${name}`,
      series.reduce((sum: number, point: Json) => sum + point.stages[i].count, 0),
    );
  }
}
