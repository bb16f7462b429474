import { expect } from 'vitest';
import { type Cart, CartBook } from '../oracle/cart-book.ts';
import { DIMENSIONS, ofValue } from '../oracle/values.ts';
import type { Json } from '../system/system.ts';
import { type Comparison, expectNear, inCents, sorted } from './answers.ts';

type Dimension = (typeof DIMENSIONS)[number];

const STAGES = {
  shop: ['*', 'view_item', 'add_to_cart', 'begin_checkout', 'purchase'],
  quick: ['*', 'view_item', 'add_to_cart', 'purchase'],
  again: ['*', 'view_item', 'view_item', '*', 'purchase'],
} as const;
const FUNNELS = ['shop', 'quick', 'again'] as const;

/** Visitors, funnels, money, cities, searches and carts. */
export async function expectShop(compared: Comparison): Promise<void> {
  await expectFrequencies(compared);
  await expectFunnels(compared);
  await expectSessions(compared);
  await expectMoney(compared);
  await expectCoupons(compared);
  await expectValues(compared);
  await expectSearches(compared);
  await expectCarts(compared);
  await expectCartLists(compared);
}

async function expectFrequencies({ get, range, under }: Comparison): Promise<void> {
  const names = [...under('name:')].filter(([name]) => !name.includes('|'));
  const rows: Json = await get(`/v1/events/frequencies?${range}&limit=1000`);
  expect(new Map(rows.map((row: Json) => [row.name, row.count]))).toEqual(new Map(names));
}

async function expectFunnels({ get, range, sum, oracle, from, to }: Comparison): Promise<void> {
  const { funnels }: Json = await get(`/v1/funnel?${range}`);
  for (const funnel of FUNNELS.filter((name) => funnels.includes(name))) {
    const closed: Json = await get(`/v1/funnel?funnel=${funnel}&${range}&breakdown=city&limit=1000`);
    const expected = (suffix: string): number[] => STAGES[funnel].map((_, i) => sum(`closed:${funnel}:${i}${suffix}`));
    expect(closed.stages.map((s: Json) => s.count)).toEqual(expected(''));
    for (const row of closed.breakdown) expect(row.stages.map((s: Json) => s.count)).toEqual(expected(`|${row.city}`));
    for (const [i, stage] of closed.stages.entries()) {
      if (i === 0) continue;
      for (const [field, share] of [
        ['median_seconds', 0.5],
        ['p90_seconds', 0.9],
      ] as const)
        expectWithin(stage[field], oracle.ledger.quantile(`took:${funnel}:${i}`, share, from, to));
    }
    const sessions: Json = await get(`/v1/sessions?funnel=${funnel}&${range}`);
    expect(sessions.by_stage.map((row: Json) => row.reached)).toEqual(expected(''));
    const open: Json = await get(`/v1/funnel?funnel=${funnel}&mode=open&${range}`);
    for (const [i, stage] of open.stages.entries())
      expectNear(stage.count, oracle.ledger.distinct(`user:${STAGES[funnel][i]}`, from, to));
    if (funnel === 'again') oracle.happened('funnel that names stages twice');
    const [city] = closed.breakdown;
    if (city === undefined) continue;
    const one: Json = await get(`/v1/funnel?funnel=${funnel}&${range}&city=${encodeURIComponent(city.city)}`);
    expect(one.stages.map((s: Json) => s.count)).toEqual(expected(`|${city.city}`));
    expect(one.all_cities.map((s: Json) => s.count)).toEqual(expected(''));
  }
}

/** A histogram is right within 10 %, and a second at its small end. */
function expectWithin(actual: number | null, exact: number | null): void {
  if (exact === null || actual === null) expect(actual).toBe(exact);
  else expect(Math.abs(actual - exact)).toBeLessThanOrEqual(Math.max(1.1, exact * 0.1));
}

async function expectSessions({ get, range, sum, oracle, from, to }: Comparison): Promise<void> {
  const engagement: Json = await get(`/v1/engagement?${range}`);
  const sessions = sum('sessions');
  expect(engagement).toMatchObject({ sessions, events: sum('events') });
  if (sessions > 0) {
    expect(engagement.bounce_rate).toBeCloseTo(sum('bounces') / sessions, 12);
    expect(engagement.average_session_seconds).toBeCloseTo(sum('session_ms') / 1_000 / sessions, 9);
  }
  const active = oracle.ledger.distinct('user:*', from, to);
  expectNear(engagement.active_users, active);
  await expectUsersInTime({ get, range, oracle });
  const answer: Json = await get(`/v1/sessions?${range}`);
  expect(answer).toMatchObject({ sessions, new_users: sum('new_users'), bounce_rate: engagement.bounce_rate });
  // An estimate less an exact number is as far off as the estimate.
  expectNear(answer.returning_users + sum('new_users'), Math.max(active, sum('new_users')));
}

/** Of each hour, or each day: to the last user, over all and with a value. */
async function expectUsersInTime({ get, range, oracle }: Pick<Comparison, 'get' | 'range' | 'oracle'>): Promise<void> {
  const isHours = range.includes('T');
  const [interval, lengthMs] = isHours ? ['hour', 3_600_000] : ['day', 86_400_000];
  const city = oracle.ledger.joined('user:*|').find((value) => !value.includes('='));
  for (const value of [undefined, city]) {
    const who = value === undefined ? 'user:*' : `user:*|${value}`;
    const filter = value === undefined ? '' : `&city=${encodeURIComponent(value)}`;
    const { series }: Json = await get(`/v1/engagement?${range}&interval=${interval}${filter}`);
    const users = (start: number) => oracle.ledger.distinct(who, start, start + Number(lengthMs));
    expect(series.map((point: Json) => [point.start, point.active_users])).toEqual(
      series.map(({ start }: Json) => [start, users(Date.parse(start))]),
    );
    if (series.some((point: Json) => point.active_users > 0)) oracle.happened('users of an hour, or a day');
  }
}

async function expectMoney({ get, range, sum, under, units }: Comparison): Promise<void> {
  for (const currency of ['USD', 'EUR']) {
    const revenue: Json = await get(
      `/v1/revenue?${range}&interval=${range.includes('T') ? 'hour' : 'day'}&currency=${currency}`,
    );
    expect(revenue).toMatchObject({ currency, orders: sum('orders'), units: units('units') });
    expect(inCents(revenue.revenue)).toBe(sum(`revenue:${currency}`));
    expect(inCents(revenue.refunds)).toBe(sum(`refunds:${currency}`));
    expect(inCents(revenue.net_revenue)).toBe(sum(`revenue:${currency}`) - sum(`refunds:${currency}`));
    for (const part of ['shipping', 'tax', 'discount'])
      expect([part, inCents(revenue[part])]).toEqual([part, sum(`${part}:${currency}`)]);
    const orders = sum(`orders:${currency}`);
    if (orders > 0) expect(revenue.average_order_value).toBeCloseTo(sum(`revenue:${currency}`) / 100 / orders, 9);
    expect(inCents(total(revenue.series, 'revenue'))).toBe(sum(`revenue:${currency}`));
    const paid: Json = await get(`/v1/payments?${range}&limit=1000&currency=${currency}`);
    const types = new Map([...under('paid:')].filter(([type]) => !isOfCity(type)));
    expect(paid.map((row: Json) => [row.payment_type, row.orders])).toEqual(sorted(types));
    for (const row of paid) {
      expect(inCents(row.revenue)).toBe(sum(`paid_revenue:${currency}:${row.payment_type}`));
      expect(row.share).toBeCloseTo(row.orders / sum('orders'), 12);
    }
  }
}

async function expectCoupons({ get, range, sum, under }: Comparison): Promise<void> {
  for (const [by, prefix] of [
    ['orders', 'coupon:orders|'],
    ['revenue', 'coupon:revenue:USD|'],
    ['discount', 'coupon:discount:USD|'],
  ] as const) {
    const rows: Json = await get(`/v1/coupons?${range}&by=${by}&limit=1000`);
    expect(rows.map((row: Json) => row.coupon)).toEqual(sorted(under(prefix)).map(([coupon]) => coupon));
    for (const { coupon, ...row } of rows)
      expect([row.orders, inCents(row.revenue), inCents(row.discount)]).toEqual([
        sum(`coupon:orders|${coupon}`),
        sum(`coupon:revenue:USD|${coupon}`),
        sum(`coupon:discount:USD|${coupon}`),
      ]);
    if (by !== 'orders') continue;
    const revenue: Json = await get(`/v1/revenue?${range}&interval=${range.includes('T') ? 'hour' : 'day'}`);
    for (const field of ['orders', 'revenue', 'discount'])
      expect([field, inCents(total(rows, field))]).toEqual([field, inCents(revenue[field])]);
  }
}

/** Payment types of the tests hold at most one `|`, behind which no city follows. */
const isOfCity = (type: string): boolean => type.split('|').length > (type.startsWith('gift|') ? 2 : 1);

const total = (series: Json, field: string): number =>
  series.reduce((sum: number, point: Json) => sum + Math.round(point[field] * 100), 0) / 100;

let turns = 0;

/** Of the dimensions in turns: values by every rank, alone, and where a question is broken down by them. */
async function expectValues(compared: Comparison): Promise<void> {
  const dimension = DIMENSIONS[turns % DIMENSIONS.length] ?? 'city';
  turns += 1;
  const seen = valuesOf(compared, dimension);
  await expectRanks(compared, dimension, seen);
  await expectBrokenDown(compared, dimension, seen);
  const sessions = new Map([...seen].map((value) => [value, compared.sum(ofValue('sessions', dimension, value))]));
  const [busiest] = sorted(sessions);
  if (busiest !== undefined) await expectFiltered(compared, dimension, busiest[0]);
}

function valuesOf({ oracle, from, to }: Comparison, dimension: Dimension): Set<string> {
  const start = dimension === 'city' ? '' : `${dimension}=`;
  const isOther = (value: string) => dimension === 'city' && /^(country|device|channel)=/.test(value);
  const seen = ['events|', 'sessions|'].flatMap((prefix) => [...oracle.ledger.under(prefix + start, from, to).keys()]);
  return new Set(seen.filter((value) => !isOther(value)));
}

async function expectRanks({ get, range, sum, oracle, from, to }: Comparison, dimension: Dimension, seen: Set<string>) {
  const figures: Record<string, (value: string) => number> = {
    engagement: (value) => sum(ofValue('score', dimension, value)),
    sessions: (value) => sum(ofValue('sessions', dimension, value)),
    orders: (value) => sum(ofValue('orders', dimension, value)),
    revenue: (value) => sum(ofValue('revenue:USD', dimension, value)),
    conversion: (value) => {
      const sessions = sum(ofValue('sessions', dimension, value));
      return sessions === 0 ? 0 : sum(ofValue('orders', dimension, value)) / sessions;
    },
  };
  const path = dimension === 'city' ? '/v1/cities' : `/v1/breakdowns/${dimension}`;
  // Every rank of two dimensions is enough: all go the same way.
  const ranks = Object.entries(figures).slice(0, ['city', 'channel'].includes(dimension) ? undefined : 1);
  for (const [by, figure] of ranks) {
    const rows: Json = await get(`${path}?${range}&limit=1000&rank_by=${by}`);
    const ranked = sorted(new Map([...seen].map((value) => [value, figure(value)])));
    expect(rows.map((row: Json) => [row.rank, row[dimension]])).toEqual(ranked.map(([value], i) => [i + 1, value]));
    for (const { [dimension]: value, ...row } of rows) {
      expect(row).toMatchObject({
        events: sum(ofValue('events', dimension, value)),
        sessions: sum(ofValue('sessions', dimension, value)),
        purchasing_sessions: sum(ofValue('purchasing', dimension, value)),
        orders: sum(ofValue('orders', dimension, value)),
        engagement_score: sum(ofValue('score', dimension, value)),
      });
      expect(inCents(row.revenue)).toBe(sum(ofValue('revenue:USD', dimension, value)));
      expectNear(row.users, oracle.ledger.distinct(ofValue('user:*', dimension, value), from, to));
    }
  }
}

async function expectBrokenDown(
  { get, range, sum }: Comparison,
  dimension: Dimension,
  seen: Set<string>,
): Promise<void> {
  const ask = `${range}&limit=1000&breakdown=${dimension}`;
  const of = (what: string, row: Json): number => sum(ofValue(what, dimension, row[dimension]));
  const engagement: Json = await get(`/v1/engagement?${ask}`);
  for (const row of engagement.breakdown)
    expect([row.sessions, row.events]).toEqual([of('sessions', row), of('events', row)]);
  expect(total(engagement.breakdown, 'events')).toBe(engagement.events);
  const sessions: Json = await get(`/v1/sessions?${ask}`);
  for (const row of sessions.breakdown)
    expect([row.new_users, row.purchasing_sessions, row.by_stage.map((stage: Json) => stage.reached)]).toEqual([
      of('new_users', row),
      of('purchasing', row),
      STAGES.shop.map((_, i) => of(`closed:shop:${i}`, row)),
    ]);
  const revenue: Json = await get(`/v1/revenue?${ask}&interval=${range.includes('T') ? 'hour' : 'day'}&currency=EUR`);
  for (const row of revenue.breakdown)
    expect([row.orders, inCents(row.revenue), inCents(row.refunds), inCents(row.tax)]).toEqual([
      of('orders', row),
      of('revenue:EUR', row),
      of('refunds:EUR', row),
      of('tax:EUR', row),
    ]);
  expect(total(revenue.breakdown, 'revenue')).toBe(revenue.revenue);
  for (const row of revenue.breakdown)
    for (const field of ['revenue', 'refunds', 'orders', 'tax'])
      expect([field, inCents(total(row.series, field))]).toEqual([field, inCents(row[field])]);
  for (const [i, point] of revenue.series.entries())
    expect(
      total(
        revenue.breakdown.map((row: Json) => row.series[i]),
        'revenue',
      ),
    ).toBe(point.revenue);
  const funnel: Json = await get(`/v1/funnel?funnel=quick&${ask}`);
  for (const row of funnel.breakdown)
    expect(row.stages.map((s: Json) => s.count)).toEqual(STAGES.quick.map((_, i) => of(`closed:quick:${i}`, row)));
  const names: Json = await get(`/v1/events/frequencies?${ask}`);
  for (const name of names) for (const row of name.breakdown) expect(row.count).toBe(of(`name:${name.name}`, row));
  const searches: Json = await get(`/v1/searches?${ask}`);
  for (const { search_term, count, no_results, clicks, breakdown } of searches) {
    for (const row of breakdown)
      expect(row).toMatchObject(searchFigures(sum, `${dimension}=${row[dimension]}`, search_term));
    expect([total(breakdown, 'count'), total(breakdown, 'no_results')]).toEqual([count, no_results]);
    expect(total(breakdown, 'clicks')).toBeLessThanOrEqual(clicks);
  }
  const payments: Json = await get(`/v1/payments?${ask}`);
  for (const paid of payments)
    for (const row of paid.breakdown) expect(row.orders).toBe(of(`paid:${paid.payment_type}`, row));
  expect(seen.size).toBeGreaterThanOrEqual(engagement.breakdown.length);
}

const searchFigures = (sum: Comparison['sum'], value: string, term: string) => ({
  count: sum(`value-search:${value}|${term}`),
  no_results: sum(`value-miss:${value}|${term}`),
  clicks: sum(`value-click:${value}|${term}`),
});

async function expectFiltered(
  { get, range, sum, under }: Comparison,
  dimension: Dimension,
  value: string,
): Promise<void> {
  const ask = `${range}&${dimension}=${encodeURIComponent(value)}`;
  const of = (what: string): number => sum(ofValue(what, dimension, value));
  const sessions: Json = await get(`/v1/sessions?${ask}`);
  expect([sessions.sessions, sessions.new_users]).toEqual([of('sessions'), of('new_users')]);
  const searches: Json = await get(`/v1/searches?${ask}&limit=1000`);
  const searched = under(`value-search:${dimension}=${value}|`);
  expect(searches.map((row: Json) => [row.search_term, row.count])).toEqual(sorted(searched));
  for (const row of searches) expect(row).toMatchObject(searchFigures(sum, `${dimension}=${value}`, row.search_term));
  const carts: Json = await get(`/v1/abandonment?${ask}`);
  expect([carts.carts, carts.recovered]).toEqual([of('cart:opened'), of('cart:recovered')]);
  const revenue: Json = await get(`/v1/revenue?${ask}&interval=${range.includes('T') ? 'hour' : 'day'}`);
  expect([revenue.orders, inCents(revenue.revenue)]).toEqual([of('orders'), of('revenue:USD')]);
}

async function expectSearches({ get, range, sum, under }: Comparison): Promise<void> {
  for (const [by, prefix] of [
    ['count', 'search:'],
    ['no_results', 'miss:'],
    ['clicks', 'click:'],
  ] as const) {
    const rows: Json = await get(`/v1/searches?${range}&by=${by}&limit=1000`);
    expect(rows.map((row: Json) => [row.search_term, row[by]])).toEqual(sorted(under(prefix)));
    for (const row of rows) {
      const term = row.search_term;
      expect(row).toMatchObject({
        count: sum(`search:${term}`),
        no_results: sum(`miss:${term}`),
        clicks: sum(`click:${term}`),
      });
    }
  }
}

async function expectCarts({ get, range, sum }: Comparison): Promise<void> {
  const answer: Json = await get(`/v1/abandonment?${range}&breakdown=city&limit=1000`);
  const steps = {
    carts: 'opened',
    purchased: 'purchased',
    emptied: 'emptied',
    abandoned: 'abandoned',
    recovered: 'recovered',
  };
  for (const row of [answer, ...answer.breakdown]) {
    const of = row.city === undefined ? '' : `|${row.city}`;
    for (const [field, step] of Object.entries(steps))
      expect([row.city, field, row[field]]).toEqual([row.city, field, sum(`cart:${step}${of}`)]);
    expect(row.open).toBe(row.carts - row.purchased - row.emptied - row.abandoned);
    expect(inCents(row.abandoned_value)).toBe(sum(`abandoned_value:USD${of}`));
    expect(inCents(row.recovered_value)).toBe(sum(`recovered_value:USD${of}`));
    expect(inCents(row.lost_value)).toBe(sum(`abandoned_value:USD${of}`) - sum(`recovered_value:USD${of}`));
    expect(row.abandoned_by_stage).toEqual({
      cart: sum(`abandoned_at:cart${of}`),
      checkout: sum(`abandoned_at:checkout${of}`),
    });
  }
}

/** Every cart of the period is in the list of what became of it, and pages hold each once. */
async function expectCartLists({
  get,
  rows: pages,
  range,
  under,
  sum,
  units,
  oracle,
  from,
  to,
}: Comparison): Promise<void> {
  const opened = oracle.everyCart.filter((cart) => cart.opened >= from && cart.opened < to);
  const lists = {
    open: opened.filter((cart) => !cart.idle && !cart.ended),
    abandoned: opened.filter((c) => c.abandonedAt !== undefined && c.recoveredAt === undefined && (c.idle || c.ended)),
    recovered: opened.filter((cart) => cart.recoveredAt !== undefined),
  };
  for (const [status, carts] of Object.entries(lists)) {
    const rows = await pages(`/v1/abandonment/carts?status=${status}&${range}&limit=300`);
    // A user may open two carts in one millisecond: rows and carts are compared as they are told, not by a key.
    expect(rows.map((row) => toldOfRow(row, status)).sort()).toEqual(
      carts.map((cart) => toldOfCart(cart, status)).sort(),
    );
  }
  const [busy] = lists.abandoned;
  const inCity = await pages(
    `/v1/abandonment/carts?status=abandoned&${range}&limit=300&city=${encodeURIComponent(busy?.values.city ?? 'none')}`,
  );
  expect(inCity.length).toBe(lists.abandoned.filter(({ values }) => values.city === busy?.values.city).length);
  for (const by of ['carts', 'units']) {
    const items: Json = await get(`/v1/abandonment/items?by=${by}&${range}&limit=1000`);
    expect(items.map((row: Json) => row.item_id)).toEqual(sorted(under(`left:${by}|`)).map(([item]) => item));
    for (const row of items) {
      expect(row).toMatchObject({
        carts: sum(`left:carts|${row.item_id}`),
        units: units(`left:units|${row.item_id}`),
      });
      expect(inCents(row.value)).toBe(sum(`left:value:USD|${row.item_id}`));
    }
  }
  const answer: Json = await get(`/v1/abandonment?${range}`);
  for (const [field, share] of [
    ['median_recovery_seconds', 0.5],
    ['p90_recovery_seconds', 0.9],
  ] as const)
    expectWithin(answer[field], oracle.ledger.quantile('recovery', share, from, to));
}

/** What lies in an open cart; of the others only what they were worth is counted here. */
const toldLines = (lines: readonly (readonly [item: string, quantity: number])[], status: string): string[] =>
  status === 'open' ? lines.map(([item, quantity]) => `${item} ${quantity}`).sort() : [];

const toldOfRow = (row: Json, status: string): string =>
  JSON.stringify([
    toldLines(
      row.items.map((line: Json) => [line.item_id, line.quantity]),
      status,
    ),
    row.user_id,
    timeOf(row.opened_at),
    row.currency,
    inCents(row.value),
    row.city,
    row.stage,
    timeOf(row.last_activity_at),
    timeOf(row.abandoned_at),
    timeOf(row.recovered_at),
  ]);

function toldOfCart(cart: Cart, status: string): string {
  const { last, stage } = status === 'open' ? cart : cart.shown;
  const worth = cart.abandonedAt === undefined || status === 'open' ? CartBook.worth(cart) : cart.abandonedValue;
  const {
    user,
    opened,
    currency,
    values: { city },
    abandonedAt,
    recoveredAt,
  } = cart;
  const lines = [...cart.lines].map(([item, { held }]) => [item, held / 1_000] as const);
  const told = toldLines(lines, status);
  return JSON.stringify([told, user, opened, currency, worth, city, stage, last, abandonedAt, recoveredAt]);
}

const timeOf = (text: string | undefined): number | undefined => (text === undefined ? undefined : Date.parse(text));
