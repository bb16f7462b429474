import type { Funnel } from '../../analytics/funnel/funnel.ts';
import type { BuiltInName } from '../../metrics/dimension.ts';
import { FETCHED } from '../columns.ts';
import { inRecord, isControl, quoted } from '../sql.ts';
import { HOW_MANY_ALIKE, linksSql, OF_LINKS } from './recount-links.ts';

/** Local dates, both included. */
export interface DateRange {
  readonly from: string;
  readonly to: string;
}

/** What an amount, times a quantity, is in minor units: decimals, rounded half up. */
const minor = (amount: string, quantity = '1'): string =>
  `CAST(round(CAST(CAST(${amount} AS VARCHAR) AS DECIMAL(18, 8)) * CAST(10 ** minor_digits AS DECIMAL(5, 0)) * CAST(${quantity} AS DECIMAL(10, 3))) AS BIGINT)`;

const lineAmount = (line: string): string => minor(`coalesce(${line}.price, 0)`, `${line}.quantity`);
const lines = 'coalesce(items, [])';
const amountOfLines = `list_sum(list_transform(${lines}, l -> ${lineAmount('l')}))`;
const unitsOfLines = `list_sum(list_transform(list_filter(${lines}, l -> coalesce(l.price, 0) >= 0), l -> CAST(l.quantity AS DECIMAL(18, 3))))`;
const itemsOnce = `len(list_distinct(list_transform(${lines}, l -> l.item_id)))`;
const REFUND_OF_ITEMS = 'list_sum(list_transform(coalesce(order_lines, []), l -> l.amount))';

/** What names an event reaches a stage with; docs/events.md has them. */
const NAMES: Readonly<Record<string, string>> = { view: 'view_item', cart: 'add_to_cart', checkout: 'begin_checkout' };
const VISIT = 'visit';

/** A metric by local date: `date`, `metric`, `value`. */
type Counted = string;

const sum = (metric: string, value: string, where: string, from = 'here'): Counted =>
  `SELECT date, ${metric} AS metric, CAST(sum(${value}) AS DOUBLE) AS value FROM ${from} WHERE ${where} GROUP BY ALL`;
const one = (name: string): string => quoted(name);

const IS_SALE = "name = 'purchase' AND NOT is_taken_back";
/** How much a purchase says: lines, how it was paid, shipping or tax. */
const FULLNESS = `(CASE WHEN len(${lines}) > 0 THEN 4 ELSE 0 END + CASE WHEN payment_type IS NOT NULL THEN 2 ELSE 0 END
  + CASE WHEN ${minor('coalesce(shipping, 0)')} <> 0 OR ${minor('coalesce(tax, 0)')} <> 0 THEN 1 ELSE 0 END)`;
const isNamed = (name: string): string => `name = ${quoted(name)}`;

/** What purchases say beside their worth. */
const PARTS = ['shipping', 'tax', 'discount'] as const;

/** Sums over events, in the dates in which they happened. */
const OF_EVENTS: readonly Counted[] = [
  sum(one('events'), '1', 'visitor IS NOT NULL'),
  sum("'events ' || name", '1', 'true'),
  `SELECT date, 'active_users' AS metric, CAST(count(DISTINCT who) AS DOUBLE) AS value FROM here WHERE who IS NOT NULL GROUP BY date`,
  sum(one('orders'), '1', IS_SALE),
  sum(one('units'), unitsOfLines, IS_SALE),
  sum("'revenue ' || currency", `CASE WHEN value IS NULL THEN ${amountOfLines} ELSE ${minor('value')} END`, IS_SALE),
  sum("'refunds ' || currency", 'amount', 'amount <> 0', 'refunded'),
  sum("'orders paid by ' || payment_type", 'n', 'true', 'paid'),
  ...PARTS.map((part) => sum(`'${part} ' || currency`, part, 'true', 'parts')),
  sum(one('searches'), '1', "name = 'search' AND search_term IS NOT NULL"),
  sum(one('searches without results'), '1', "name = 'search' AND search_term IS NOT NULL AND results_count = 0"),
  sum(one('item views'), itemsOnce, isNamed('view_item')),
  sum(one('item carts'), itemsOnce, isNamed('add_to_cart')),
  sum(one('item removes'), itemsOnce, isNamed('remove_from_cart')),
  sum(one('item orders'), itemsOnce, IS_SALE),
  sum(one('item units'), unitsOfLines, IS_SALE),
  sum("'item revenue ' || currency", amountOfLines, `${IS_SALE} AND len(${lines}) > 0`),
  sum("'item refunds ' || currency", 'of_items', 'of_items <> 0', 'refunded'),
];

/** Under which rows are told of which nobody knows how they counted. */
export const FETCHED_ROWS = 'fetched';
const HOW_MANY_FETCHED = sum(one(FETCHED_ROWS), '1', `outcome = ${quoted(FETCHED)}`);

/** Under which orders are told of that were taken back, and of which no row says any more which they are: their visitors had been erased. */
export const UNSEEN_ORDERS = 'orders taken back unseen';
const unseenOrders = (dates: string): string =>
  `SELECT date, ${one(UNSEEN_ORDERS)} AS metric, CAST(count(*) AS DOUBLE) AS value
  FROM undone u
  WHERE date ${dates} AND NOT EXISTS (
    SELECT 1 FROM events e
    WHERE e.is_taken_back AND e.visitor = u.reporter AND e.transaction_id = u.order_id AND epoch_ms(e.timestamp) = u.reported_ms)
  GROUP BY date`;

/** Under which events are told of whose guests signed in when it was not known any more, or hardly, where they and the user are counted. */
export const LATE_LINKS = 'events of guests who signed in late';
/** From a date's beginning in any zone, less than the 49 hours for which that is known. */
const LATE_MS = 35 * 3_600_000;
const HOW_MANY_LATE = sum(
  one(LATE_LINKS),
  '1',
  `linked_ms IS NOT NULL AND (is_apart OR linked_ms - epoch_ms(CAST(date AS TIMESTAMP)) > ${LATE_MS})`,
);

/** Sums over sessions, in the dates in which they began. */
const OF_SESSIONS: readonly Counted[] = [
  sum(one('sessions'), '1', 'true', 'sessions'),
  sum(one('bounces'), '1', 'events = 1 AND is_view', 'sessions'),
  sum(one('session_ms'), 'greatest(0, last_ms - began_ms)', 'true', 'sessions'),
  sum(one('new_users'), '1', 'is_new', 'sessions'),
  sum(one('purchasing_sessions'), '1', 'has_bought', 'sessions'),
];

/** Sums by a dimension: events under what they count under, sessions under what is known of them in the end. */
const byDimension = (dimension: string): readonly Counted[] => {
  const metric = (name: string, value: string): string => `${quoted(`${name} by ${dimension}: `)} || ${value}`;
  const [ofEvent, ofSession] = [`"${dimension}"`, 'dimension_value'];
  return [
    sum(metric('events', ofEvent), '1', `visitor IS NOT NULL AND ${ofEvent} IS NOT NULL`),
    sum(metric('orders', ofEvent), '1', `${IS_SALE} AND ${ofEvent} IS NOT NULL`),
    sum(metric('sessions', ofSession), '1', `${ofSession} IS NOT NULL`, 'sessions'),
    sum(metric('purchasing_sessions', ofSession), '1', `has_bought AND ${ofSession} IS NOT NULL`, 'sessions'),
  ];
};

/** What partitions have told each other: orders of which another report stays, refunds of others' orders, and whose guests signed in. */
const toldSql = (control: string): readonly string[] => [
  `told AS MATERIALIZED (
    SELECT log, partition, position, arrived_at, record
    FROM (${control}) WHERE ${['void', 'complete', 'settle', ...OF_LINKS].map(isControl).join(' OR ')})`,
  `taken_back AS (
    SELECT DISTINCT 'live' AS lane, 'purchase' AS name, ${inRecord('user_id')} AS reporter,
      ${inRecord('transaction_id')} AS order_id, CAST(${inRecord('at')} AS BIGINT) AS reported_ms,
      CAST(${inRecord('fullness')} AS INTEGER) AS fullness
    FROM told WHERE ${isControl('void')})`,
  `undone AS (
    SELECT DISTINCT ${inRecord('user_id')} AS reporter, ${inRecord('transaction_id')} AS order_id,
      CAST(${inRecord('at')} AS BIGINT) AS reported_ms, CAST(${inRecord('counted.date')} AS DATE) AS date
    FROM told WHERE ${isControl('void')} AND ${inRecord('counted.date')} IS NOT NULL)`,
  `added AS (
    SELECT DISTINCT partition, position, CAST(${inRecord('counted.date')} AS DATE) AS date,
      ${inRecord('counted.paymentType')} AS payment_type, ${inRecord('counted.moneyIn')} AS currency,
      CAST(${inRecord('counted.shipping')} AS BIGINT) AS shipping, CAST(${inRecord('counted.tax')} AS BIGINT) AS tax,
      CAST(${inRecord('counted.sign')} AS INTEGER) AS n
    FROM told WHERE ${inRecord('counted.moneyIn')} IS NOT NULL)`,
];

/** What refunds count: as they say, and what is put right where another partition knows their order; that may be in another currency than they said. */
const refundedSql = (dates: string): string => {
  const counted = (field: string): string => `any_value(${inRecord(`counted.${field}`)})`;
  const putRight = (of: '' | 'other.'): string =>
    `SELECT CAST(${counted('date')} AS DATE) AS date, ${counted(`${of}currency`)},
      CAST(${counted(`${of}amount`)} AS BIGINT), CAST(${counted(`${of}ofItems`)} AS BIGINT)
    FROM told
    WHERE ${inRecord('counted.date')} ${dates} AND ${inRecord(`counted.${of}currency`)} IS NOT NULL
    GROUP BY ${inRecord('refund.id')}`;
  return `refunded AS (
    SELECT date, currency, order_amount AS amount, ${REFUND_OF_ITEMS} AS of_items
    FROM here WHERE name = 'refund' AND order_amount IS NOT NULL
    UNION ALL ${putRight('')}
    UNION ALL ${putRight('other.')})`;
};

/** Shipping, tax and discounts, with what was added from other reports of an order. */
function partsSql(dates: string): string {
  const said = PARTS.map((part) => `${minor(`coalesce(${part}, 0)`)} AS ${part}`).join(', ');
  return `parts AS (SELECT date, currency, ${said} FROM here WHERE ${IS_SALE}
    UNION ALL SELECT date, currency, n * shipping, n * tax, 0 FROM added WHERE date ${dates})`;
}

/** Everything that is recounted of these dates, as one query over `archive`: rows of events as they were counted. Knows nothing of folding. */
export function recountSql(
  archive: string,
  control: string,
  { from, to }: DateRange,
  funnels: readonly Funnel[],
  dimension?: BuiltInName,
): string {
  const ofSession = dimension === undefined ? 'NULL' : `"session_${dimension}"`;
  const dates = `BETWEEN ${quoted(from)} AND ${quoted(to)}`;
  const stages = funnels.flatMap(funnelSteps);
  const common = [
    ...toldSql(control),
    ...linksSql(archive),
    `events AS (
      SELECT e.*, t.reporter IS NOT NULL AS is_taken_back
      FROM seen e LEFT JOIN taken_back t
        ON e.lane = t.lane AND e.name = t.name AND visitor = t.reporter AND transaction_id = t.order_id
        AND epoch_ms(timestamp) = t.reported_ms AND ${FULLNESS} = t.fullness)`,
    `here AS (SELECT * FROM events WHERE date ${dates})`,
    refundedSql(dates),
    `paid AS (
      SELECT date, coalesce(payment_type, 'unknown') AS payment_type, 1 AS n FROM here WHERE ${IS_SALE}
      UNION ALL SELECT date, payment_type, n FROM added WHERE payment_type IS NOT NULL AND date ${dates}
      UNION ALL SELECT date, 'unknown', -n FROM added WHERE payment_type IS NOT NULL AND date ${dates})`,
    partsSql(dates),
    `own AS (
      SELECT session, first_ms AS piece, session_event AS position, name, is_taken_back, session_date AS date, session_event,
        is_new, timestamp, began_ms, ${ofSession} AS dimension_value
      FROM events WHERE session_date ${dates})`,
    // Behind a join there is one session: what comes then stands behind what both had, and has the values of the one that began first.
    `sessions AS (
      SELECT session, any_value(date) AS date, count(*) AS events, bool_or(is_new) AS is_new,
        bool_or(${IS_SALE}) AS has_bought, bool_and(name IN ('page_view', 'view_item')) AS is_view,
        arg_max(dimension_value, (piece = began_ms, position)) AS dimension_value,
        CASE WHEN max(position) <= any_value(j.events) THEN any_value(j.last_ms)
          ELSE epoch_ms(arg_max(timestamp, position)) END AS last_ms,
        any_value(began_ms) AS began_ms
      FROM own LEFT JOIN (
        SELECT session, max(events) AS events, arg_max(last_ms, events) AS last_ms FROM joins GROUP BY session) j USING (session)
      GROUP BY session HAVING min(session_event) = 1)`,
    // How far a session came is how far either of them had come, and went on.
    `visits AS (
      SELECT session, piece, position, name, date FROM own
      UNION ALL
      SELECT o.session, h.piece, o.position, o.name, o.date
      FROM own o JOIN heard h ON (o.session, o.piece) = (h.session, h.piece_of) AND o.position > h.since)`,
    ...stages.map(({ table, sql }) => `${table} AS (${sql})`),
  ];
  const counted = [
    ...OF_EVENTS,
    HOW_MANY_FETCHED,
    HOW_MANY_LATE,
    HOW_MANY_ALIKE,
    unseenOrders(dates),
    ...OF_SESSIONS,
    ...stages.map(({ table, metric }) =>
      sum(one(metric), '1', 'true', `(SELECT DISTINCT session, date FROM ${table})`),
    ),
    ...(dimension === undefined ? [] : byDimension(dimension)),
  ];
  return `WITH RECURSIVE ${common.join(', ')}
    SELECT CAST(date AS VARCHAR) AS date, metric, value FROM (${counted.join(' UNION ALL ')}) WHERE value <> 0`;
}

/** A table for each stage: when a session reached it, in order. */
function funnelSteps({ name, stages }: Funnel, number: number) {
  return stages.map((stage, i) => {
    const table = `stage_${number}_${i}`;
    const before = `stage_${number}_${i - 1}`;
    // Being the visit does not keep an event from reaching the stage after that as well.
    const isBehind = stages[i - 1] === VISIT ? '>=' : '>';
    const isStage = stage === VISIT ? 'true' : `v.name = ${quoted(NAMES[stage] ?? stage)}`;
    const reached = 'SELECT v.session, v.piece, any_value(v.date) AS date, min(v.position) AS position FROM visits v';
    const first = `${reached} WHERE ${isStage} GROUP BY v.session, v.piece`;
    const next = `${reached} JOIN ${before} b ON (v.session, v.piece) = (b.session, b.piece)
      WHERE ${isStage} AND v.position ${isBehind} b.position GROUP BY v.session, v.piece`;
    return { table, metric: `funnel ${name}: ${stage}`, sql: i === 0 ? first : next };
  });
}
