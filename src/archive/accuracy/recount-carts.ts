import { IS_OF_CART, inRecord, isControl, isErasedName, quoted } from '../sql.ts';
import type { DateRange } from './recount.ts';

/** How names of their metrics begin. */
export const OF_CARTS = 'carts ';
/** Under which rows are told of which nobody knows to which cart they belong. */
export const WITHOUT_CART = 'without cart';

/** Under which carts are told of that a guest had, who was erased since: of those nobody knows whether they had been left under the name that they had then. */
export const RENAMED_CARTS = 'carts of erased guests';

/** Greatest amount of a line or a cart, in major units. */
const MOST = 1_000_000_000;
/** A tick says at most so much more than when the log took it. */
const AHEAD_MS = 5 * 60_000;

/** What happened to each cart, in its order: events that belong to it, and what became of it otherwise. */
function actsSql(archive: string, control: string, dates: string): readonly string[] {
  const place = 'log, partition, lane, position';
  const counted = 'log, partition, lane, coalesce(released_by, position) AS position';
  const moment = (path: string): string => `make_timestamptz(CAST(${inRecord(path)} AS BIGINT) * 1000)`;
  // What ends a cart comes behind the events that stand at the same place, what it goes on with before them.
  const rank = `CASE WHEN ${inRecord('became')} = 'taken-over' THEN 0 ELSE 2 END`;
  return [
    `told AS MATERIALIZED (
      SELECT ${place}, arrived_at, record
      FROM (${control}) WHERE ${['cart', 'tick', 'close'].map(isControl).join(' OR ')})`,
    `things AS (
      SELECT ${counted}, 1 AS rank, arrived_at, session_began_at, session_event, cart, cart_date, name AS did, currency,
        minor_digits, items, cart_left_at AS left_at, cart_due_at AS due_at,
        CAST(NULL AS BIGINT) AS left_value, CAST(NULL AS JSON) AS lines
      FROM (${archive}) WHERE cart IS NOT NULL AND cart_date ${dates}
      UNION ALL BY NAME
      SELECT ${place}, ${rank} AS rank, arrived_at, ${inRecord('cart')} AS cart,
        CAST(${inRecord('date')} AS DATE) AS cart_date, ${inRecord('became')} AS did, ${inRecord('currency')} AS currency,
        ${moment('left')} AS left_at, ${moment('due')} AS due_at,
        CAST(${inRecord('value')} AS BIGINT) AS left_value, json_extract(record, '$.lines') AS lines
      FROM told WHERE ${IS_OF_CART} AND CAST(${inRecord('date')} AS DATE) ${dates})`,
    // A cart goes from one partition to another with a record that joins the log behind all that was done with it before.
    `placed AS (
      SELECT *, first_value((arrived_at, rank = 1)) OVER (
        PARTITION BY cart, log, partition ORDER BY position, rank, arrived_at) AS since
      FROM things)`,
    `acts AS MATERIALIZED (
      SELECT *, row_number() OVER (
        PARTITION BY cart ORDER BY since[1], NOT since[2], position, rank, arrived_at, session_began_at, session_event) AS n
      FROM placed)`,
  ];
}

/** What a guest's cart may become that comes to a user. */
const CAME_OVER = ['taken-over', 'joined', 'listed', 'bought'].map(quoted).join(', ');

/** What each cart came to in the end. */
const CARTS: readonly string[] = [
  // Since an erasure a cart may have one name where it was a guest's, and another where it became a user's: it was left once.
  // Where nothing else came, the lane's time says whether it was left: that of the live one, where an import is over.
  `times AS (
    SELECT log, partition, lane, max(ms) AS ms
    FROM (
      SELECT log, partition, lane, epoch_ms(timestamp) AS ms FROM everything
      UNION ALL
      SELECT log, partition, lane, least(CAST(${inRecord('at')} AS BIGINT), epoch_ms(arrived_at) + ${AHEAD_MS})
      FROM told WHERE ${isControl('tick')})
    GROUP BY ALL)`,
  `closed AS (
    SELECT log, partition, lane, epoch_ms(min(arrived_at)) AS ms FROM told WHERE ${isControl('close')} GROUP BY ALL)`,
  `ends AS (
    SELECT t.log, t.partition, t.lane, CASE WHEN c.ms IS NULL THEN t.ms ELSE coalesce(live.ms, c.ms) END AS ms
    FROM times t
    LEFT JOIN closed c USING (log, partition, lane)
    LEFT JOIN times live ON live.log = t.log AND live.partition = t.partition AND live.lane = 'live')`,
  `carts AS (
    SELECT cart, any_value(cart_date) AS date,
      bool_or(n = 1 AND did = 'add_to_cart') AS is_opened,
      bool_or(n = 1 AND did IN (${CAME_OVER}) AND left_at IS NOT NULL) AS was_left,
      bool_or(n = 1 AND did IN (${CAME_OVER}) AND left_at IS NULL) AND ${isErasedName('any_value(cart)')} AS came_over,
      arg_max(did, n) AS did, max(n) AS last,
      arg_max(log, n) AS log, arg_max(partition, n) AS partition, arg_max(lane, n) AS lane,
      arg_max((due_at, left_at), n) AS stands,
      max(CASE WHEN left_at IS NULL THEN n END) AS before
    FROM acts GROUP BY cart)`,
  `ended AS (
    SELECT c.*, stands[2] IS NOT NULL OR coalesce(epoch_ms(stands[1]) < e.ms, false) AS is_left,
      c.did IN ('purchase', 'bought') AS is_bought,
      c.did IN ('joined', 'erased') OR (c.did = 'remove_from_cart' AND stands[1] IS NULL) AS is_empty,
      CASE WHEN stands[2] IS NULL THEN last ELSE coalesce(before, 0) END AS until
    FROM carts c LEFT JOIN ends e USING (log, partition, lane))`,
];

const thousandths = (quantity: string): string => `CAST(round(${quantity} * 1000) AS BIGINT)`;

/** What lay in each cart that was left, when it first was: nothing less than nothing can be taken out of it. */
const WORTHS: readonly string[] = [
  // What it was worth before it became somebody else's is told with it, as is what lay in it.
  `known AS (
    SELECT e.*, s.n AS from_n, s.currency AS told_currency, s.lines AS told_lines, v.left_value, v.currency AS left_currency
    FROM ended e
    LEFT JOIN acts v ON v.cart = e.cart AND v.n = e.until + 1 AND v.lines IS NOT NULL
    LEFT JOIN (
      SELECT a.cart, max(a.n) AS n, arg_max(a.currency, a.n) AS currency, arg_max(a.lines, a.n) AS lines
      FROM acts a JOIN ended x ON x.cart = a.cart AND a.n <= x.until
      WHERE a.lines IS NOT NULL GROUP BY a.cart) s ON s.cart = e.cart
    WHERE is_left)`,
  `moves AS (
    SELECT cart, from_n AS n, 0 AS line, json_extract_string(l, '$[0]') AS item, CAST(json_extract(l, '$[1]') AS BIGINT) AS more,
      CAST(json_extract(l, '$[2]') AS DOUBLE) AS price, json_extract_string(l, '$[3]') AS currency
    FROM (SELECT cart, from_n, unnest(CAST(told_lines AS JSON[])) AS l FROM known)
    UNION ALL
    SELECT cart, n, line, items[line].item_id,
      CASE WHEN did = 'add_to_cart' THEN 1 ELSE -1 END * ${thousandths('items[line].quantity')},
      CASE WHEN did = 'add_to_cart' THEN items[line].price END, currency
    FROM (
      SELECT a.cart, a.n, a.did, a.items, a.currency, unnest(range(1, len(a.items) + 1)) AS line
      FROM acts a JOIN known k ON k.cart = a.cart
      WHERE a.n > coalesce(k.from_n, 0) AND a.n <= k.until AND a.did IN ('add_to_cart', 'remove_from_cart')))`,
  `summed AS (SELECT *, sum(more) OVER w AS s FROM moves WINDOW w AS (PARTITION BY cart, item ORDER BY n, line))`,
  `held AS (SELECT *, s - least(0, min(s) OVER (PARTITION BY cart, item ORDER BY n, line)) AS held FROM summed)`,
  // What was taken out whole has no price any more.
  `lives AS (
    SELECT *, count(CASE WHEN held = 0 THEN 1 END) OVER (
      PARTITION BY cart, item ORDER BY n, line ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS life
    FROM held)`,
  `lines AS (
    SELECT cart, item, arg_max(held, (n, line)) AS held,
      arg_max(price, (n, line)) FILTER (price IS NOT NULL) AS price,
      arg_max(currency, (n, line)) FILTER (price IS NOT NULL) AS currency
    FROM lives GROUP BY cart, item, life
    QUALIFY row_number() OVER (PARTITION BY cart, item ORDER BY life DESC) = 1)`,
  `currencies AS (
    SELECT k.cart, coalesce(
      CASE WHEN len(CAST(any_value(k.told_lines) AS JSON[])) > 0 THEN any_value(k.told_currency) END,
      arg_min(a.currency, a.n) FILTER (a.did = 'add_to_cart' AND len(a.items) > 0),
      any_value(k.told_currency),
      arg_min(a.currency, a.n) FILTER (a.did = 'add_to_cart')) AS currency
    FROM known k JOIN acts a ON a.cart = k.cart AND a.n > coalesce(k.from_n - 1, 0) AND a.n <= k.until
    GROUP BY k.cart)`,
  `digits AS (
    SELECT currency, any_value(minor_digits) AS digits FROM acts WHERE minor_digits IS NOT NULL GROUP BY currency)`,
  `worths AS (
    SELECT c.cart, c.currency, least(
      coalesce(sum(CASE WHEN l.item IS NOT NULL THEN least(
        CAST(round(CAST(CAST(l.price AS VARCHAR) AS DECIMAL(18, 8)) * CAST(10 ** coalesce(d.digits, 2) AS DECIMAL(5, 0))
          * CAST(l.held / 1000 AS DECIMAL(10, 3))) AS BIGINT),
        CAST(${MOST} * 10 ** coalesce(d.digits, 2) AS BIGINT)) END), 0),
      CAST(${MOST} * 10 ** any_value(coalesce(d.digits, 2)) AS BIGINT)) AS value
    FROM currencies c
    LEFT JOIN lines l ON l.cart = c.cart AND l.held > 0 AND l.price IS NOT NULL AND l.currency = c.currency
    LEFT JOIN digits d ON d.currency = c.currency
    GROUP BY c.cart, c.currency)`,
  `valued AS (
    SELECT k.date, k.is_bought, k.was_left, coalesce(k.left_currency, w.currency) AS currency,
      coalesce(k.left_value, w.value) AS value
    FROM known k LEFT JOIN worths w ON w.cart = k.cart)`,
];

/**
 * What became of carts that opened in these dates, and what those were worth that were left, as one query over `archive`: rows of events as
 * they were counted, each with its cart. Knows nothing of folding.
 */
export function recountCartsSql(archive: string, control: string, { from, to }: DateRange): string {
  const dates = `BETWEEN ${quoted(from)} AND ${quoted(to)}`;
  const steps = [`everything AS (${archive})`, ...actsSql('FROM everything', control, dates), ...CARTS, ...WORTHS];
  const count = (metric: string, where: string): string =>
    `SELECT date, '${OF_CARTS}${metric}' AS metric, count(*) AS value FROM ended WHERE ${where} GROUP BY date`;
  const worth = (what: string, where: string): string =>
    `SELECT date, '${OF_CARTS}${what} value ' || currency AS metric, sum(value) AS value FROM valued WHERE ${where} GROUP BY ALL`;
  const counted = [
    count('opened', 'is_opened'),
    count('abandoned', 'is_left AND NOT was_left'),
    count('recovered', 'is_left AND is_bought'),
    count('purchased', 'NOT is_left AND is_bought'),
    count('emptied', 'NOT is_left AND is_empty'),
    `SELECT date, '${RENAMED_CARTS}' AS metric, count(*) AS value FROM ended WHERE came_over GROUP BY date`,
    worth('abandoned', 'NOT was_left'),
    worth('recovered', 'is_bought'),
    `SELECT date, '${WITHOUT_CART}' AS metric, count(*) AS value FROM everything WHERE name = 'add_to_cart' AND outcome <> 'duplicate' AND cart IS NULL AND date ${dates} GROUP BY date`,
  ];
  return `WITH ${steps.join(', ')} SELECT CAST(date AS VARCHAR) AS date, metric, CAST(value AS DOUBLE) AS value FROM (${counted.join(' UNION ALL ')}) WHERE value <> 0`;
}
