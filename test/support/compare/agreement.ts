import type { Json } from '../system/system.ts';

type Check = (data: Json) => string[];

const sumOf = (rows: readonly Json[], field: string): number =>
  rows.reduce((sum: number, row: Json) => sum + row[field], 0);

function equal(what: string, left: unknown, right: unknown): string[] {
  return left === right ? [] : [`${what}: ${String(left)} and ${String(right)}`];
}

/** Fields of a list's rows add up to those of the header. */
function addsUp(what: string, rows: readonly Json[], header: Json, fields: readonly string[]): string[] {
  return fields.flatMap((field) => equal(`${what} of ${field} and header`, sumOf(rows, field), header[field]));
}

const stageCounts = (of: Json): Record<string, number> =>
  Object.fromEntries(of.stages.map(({ stage, count }: Json) => [stage, count]));

function funnelsAddUp(what: string, rows: readonly Json[], header: Json): string[] {
  const each = rows.map(stageCounts);
  return Object.entries(stageCounts(header)).flatMap(([stage, count]) =>
    equal(`${what} at ${stage} and header`, sumOf(each, stage), count),
  );
}

function stagesFall(what: string, { stages }: Json): string[] {
  return stages.flatMap(({ stage, drop_off }: Json) => (drop_off < 0 ? [`${what} rises at ${stage}`] : []));
}

const productRow: Check = (row) => itemsRow(row.item_id, row);

function itemsRow(name: string, row: Json): string[] {
  return [
    ...equal(`orders and units of ${name}`, row.orders, row.units),
    ...equal(`orders and revenue of ${name}`, row.orders, row.revenue),
    ...(row.carts < row.orders || row.views < row.carts ? [`${name} was bought more often than seen`] : []),
  ];
}

const cartsRow: Check = (row) => [
  ...equal('carts and their ends', row.carts, row.purchased + row.emptied + row.abandoned + row.open),
  ...(row.open < 0 ? [`${row.open} open carts`] : []),
];

const revenueRow: Check = (row) => [
  ...equal('orders and revenue', row.orders, row.revenue),
  ...equal('orders and units', row.orders, row.units),
];

const CARTS = ['carts', 'purchased', 'emptied', 'abandoned', 'open'];
const SALES = ['revenue', 'refunds', 'orders', 'units'];

/** What must hold within one answer, by the path's beginning; the longest that fits. */
const CHECKS: readonly (readonly [path: string, check: Check])[] = [
  ['/v1/products/', productRow],
  ['/v1/products', (rows) => rows.flatMap(productRow)],
  ['/v1/categories', (rows) => rows.flatMap((row: Json) => itemsRow(row.category, row))],
  ['/v1/brands', (rows) => rows.flatMap((row: Json) => itemsRow(row.brand, row))],
  [
    '/v1/revenue',
    (data) => [
      ...revenueRow(data),
      ...data.series.flatMap(revenueRow),
      ...addsUp('series', data.series, data, SALES),
      ...equal('orders by currency', sumOf(data.currencies, 'orders'), data.orders),
    ],
  ],
  ['/v1/payments', (rows) => rows.flatMap((row: Json) => equal(row.payment_type, row.orders, row.revenue))],
  ['/v1/cities', (rows) => rows.flatMap((row: Json) => equal(row.city, row.orders, row.revenue))],
  [
    '/v1/funnel',
    (data) => [
      ...stagesFall('the funnel', data),
      ...funnelsAddUp('series', data.series, data),
      ...(data.breakdown ? funnelsAddUp('breakdown', data.breakdown, data) : []),
      ...(data.all_cities ? stagesFall('the whole funnel', { stages: data.all_cities }) : []),
    ],
  ],
  [
    '/v1/abandonment',
    (data) => [
      ...[data, ...data.series, ...data.breakdown].flatMap(cartsRow),
      ...addsUp('series', data.series, data, CARTS),
      ...addsUp('breakdown', data.breakdown, data, CARTS),
    ],
  ],
  ['/v1/engagement', (data) => addsUp('series', data.series, data, ['sessions', 'events'])],
  [
    '/v1/sessions',
    (data) => [
      ...addsUp('series', data.series, data, ['sessions', 'new_users']),
      ...equal('sessions and visits', data.sessions, data.by_stage[0].reached),
      ...equal('sessions and where they ended', data.sessions, sumOf(data.by_stage, 'ended_here')),
    ],
  ],
  [
    '/v1/events/frequencies',
    (rows) => rows.flatMap((row: Json) => equal(`series of ${row.name}`, sumOf(row.series, 'count'), row.count)),
  ],
  ['/v1/searches', (rows) => rows.flatMap((row: Json) => (row.no_results > row.count ? [row.search_term] : []))],
];

/** What does not add up in an answer of a shop in which every order is one unit of one item at the price of 1. */
export function disagreements(path: string, { data }: { readonly data: Json }): string[] {
  const [check] = CHECKS.filter(([start]) => path.startsWith(start)).map(([, of]) => of);
  if (check === undefined) throw new Error(`nobody knows what adds up in ${path}`);
  return check(data);
}
