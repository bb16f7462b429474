import { quoted } from '../sql.ts';
import type { DateRange } from './recount.ts';

/** How the shop's carts are timed. */
export interface CartRules {
  readonly timezone: string;
  readonly cartTimeoutMs: number;
}

/** How names of their metrics begin. */
export const OF_CARTS = 'carts ';

/** docs/rules.md, Carts: a cart that came late is left alone for so long, and so long one that was left can be bought after all. */
const GRACE_MS = 5 * 60_000;
const VISIT_MS = 86_400_000;
const RECOVERY_MS = 7 * 86_400_000;
/** Greatest amount of an order or a cart, in major units. */
const MOST = 1_000_000_000;

const inRecord = (path: string): string => `json_extract_string(record, '$.${path}')`;
const isRecord = (kind: string): string => `record LIKE '{"control":"${kind}"%'`;
const inCart = (place: number): string => `json_extract_string(handed, '$[${place}]')`;
const cartMs = (place: number): string => `CAST(${inCart(4)} AS BIGINT) + CAST(${inCart(place)} AS BIGINT)`;

/** What lies in a cart; held in thousandths. */
const LINES = 'STRUCT(item VARCHAR, held BIGINT, price DOUBLE, currency VARCHAR)[]';

/** The steps of each visitor in the log's order, with the lane's time at each: events, and what the log says of their carts otherwise. */
function stepsSql(archive: string, control: string, { cartTimeoutMs }: CartRules): readonly string[] {
  const graceMs = Math.min(GRACE_MS, cartTimeoutMs);
  // Events that waited stand together, at the place of what released them.
  const order = 'ORDER BY position, rank, arrived_ms, session_began_at, session_event';
  const lane = `PARTITION BY log, partition, lane ${order}`;
  const visitor = `PARTITION BY log, partition, lane, visitor ${order}`;
  return [
    `told AS MATERIALIZED (SELECT log, partition, lane, position, epoch_ms(arrived_at) AS arrived_ms, record FROM (${control})
      WHERE ${['tick', 'close', 'erase', 'link', 'merge'].map(isRecord).join(' OR ')})`,
    `closed AS (SELECT DISTINCT log, partition, lane FROM told WHERE ${isRecord('close')})`,
    // A merge that was said twice is taken in once.
    `merges AS (SELECT log, partition, position, arrived_ms, ${inRecord('user_id')} AS visitor, ${inRecord('open.cart')} AS handed, CAST(${inRecord('open.bought')} AS BIGINT) AS bought_ms
      FROM told WHERE ${isRecord('merge')} QUALIFY row_number() OVER (PARTITION BY ${inRecord('id')} ORDER BY position) = 1)`,
    `links AS (SELECT log, partition, position, arrived_ms, ${inRecord('guest')} AS visitor FROM told WHERE ${isRecord('link')}
      QUALIFY row_number() OVER (PARTITION BY ${inRecord('id')} ORDER BY position) = 1)`,
    `raw AS (
      SELECT log, partition, lane, position, 1 AS rank, epoch_ms(arrived_at) AS arrived_ms, visitor, CASE WHEN outcome <> 'duplicate' THEN name END AS name, epoch_ms(timestamp) AS at_ms, epoch_ms(timestamp) AS time_ms,
        date, currency, minor_digits, items, session_began_at, session_event, CAST(NULL AS VARCHAR) AS handed, CAST(NULL AS BIGINT) AS bought_ms FROM (${archive}) WHERE visitor IS NOT NULL
      UNION ALL BY NAME SELECT log, partition, lane, position, 0 AS rank, arrived_ms, least(CAST(${inRecord('at')} AS BIGINT), arrived_ms + ${GRACE_MS}) AS time_ms FROM told WHERE ${isRecord('tick')}
      UNION ALL BY NAME SELECT log, partition, 'live' AS lane, position, 0 AS rank, arrived_ms, arrived_ms AS time_ms FROM told WHERE ${isRecord('close')}
      UNION ALL BY NAME SELECT log, partition, 'live' AS lane, position, 0 AS rank, arrived_ms, ${inRecord('user_id')} AS visitor, 'erase' AS name FROM told WHERE ${isRecord('erase')}
      UNION ALL BY NAME SELECT log, partition, 'live' AS lane, position, 0 AS rank, arrived_ms, visitor, 'link' AS name FROM links
      UNION ALL BY NAME SELECT log, partition, 'live' AS lane, position, 0 AS rank, arrived_ms, visitor, 'merge' AS name, handed, bought_ms FROM merges WHERE handed IS NOT NULL OR bought_ms IS NOT NULL)`,
    `timed AS (SELECT *, max(time_ms) OVER (${lane}) AS now_ms, max(time_ms) OVER (PARTITION BY log, partition, lane) AS end_ms FROM raw)`,
    `shoppers AS (SELECT DISTINCT log, partition, lane, visitor FROM raw WHERE name = 'add_to_cart' OR handed IS NOT NULL)`,
    `steps AS (SELECT t.*, c.lane IS NOT NULL AS is_closed,
        max(CASE WHEN handed IS NULL THEN at_ms ELSE ${cartMs(5)} END) OVER (${visitor}) AS last_ms,
        lag(now_ms) OVER (${visitor}) AS seen_ms
      FROM timed t JOIN shoppers USING (log, partition, lane, visitor) LEFT JOIN closed c USING (log, partition, lane) WHERE name IS NOT NULL)`,
    // What somebody has bought is known for as long as their visits are.
    `known AS (SELECT *, max(CASE WHEN name = 'purchase' THEN at_ms END) OVER (PARTITION BY log, partition, lane, visitor, visit ${order}) AS newest_bought_ms
      FROM (SELECT *, count(CASE WHEN at_ms IS NOT NULL AND now_ms - seen_ms > ${VISIT_MS} THEN 1 END) OVER (${visitor}) AS visit FROM steps))`,
    // Whoever had a cart open behind this step has left it before the next one.
    `left_behind AS (SELECT *, CASE WHEN coalesce(lead(now_ms) OVER w, CASE WHEN is_closed THEN 9e15 ELSE end_ms END) > greatest(last_ms + ${cartTimeoutMs}, now_ms + ${graceMs})
        OR lead(at_ms) OVER w > last_ms + ${cartTimeoutMs} THEN last_ms + ${cartTimeoutMs} END AS left_ms, lag(last_ms) OVER w AS before_ms,
        count(CASE WHEN name IN ('add_to_cart', 'remove_from_cart', 'purchase', 'erase', 'link', 'merge') THEN 1 END) OVER w AS act
      FROM known WINDOW w AS (${visitor}))`,
    `acts AS (SELECT log, partition, lane, visitor, act, arg_min(name, (position, rank, arrived_ms, session_began_at, session_event)) AS name, arg_min(position, (position, rank, arrived_ms, session_began_at, session_event)) AS position, arg_min(at_ms, (position, rank, arrived_ms, session_began_at, session_event)) AS at_ms,
        arg_min(now_ms, (position, rank, arrived_ms, session_began_at, session_event)) AS now_ms, arg_min(before_ms, (position, rank, arrived_ms, session_began_at, session_event)) AS before_ms, arg_min(newest_bought_ms, (position, rank, arrived_ms, session_began_at, session_event)) AS newest_bought_ms,
        any_value(date) FILTER (name = 'add_to_cart') AS date, any_value(currency) FILTER (name = 'add_to_cart') AS currency,
        any_value(items) FILTER (name IN ('add_to_cart', 'remove_from_cart')) AS items, any_value(handed) AS handed, any_value(bought_ms) AS bought_ms, min(left_ms) AS left_ms
      FROM left_behind WHERE act > 0 GROUP BY ALL)`,
  ];
}

/** Acts that stand in one chain, one behind the other: behind a purchase, an erasure or a sign-in there is no cart. */
function chainsSql({ timezone }: CartRules): readonly string[] {
  const held = 'CAST(round(x.quantity * 1000) AS BIGINT)';
  // Several lines of an item are one: the last price that is named holds.
  const lines = `list_transform(list_distinct(list_transform(coalesce(items, []), x -> x.item_id)), id -> {
      item: id,
      held: list_sum(list_transform(list_filter(items, x -> x.item_id = id), x -> ${held})),
      price: list_last(list_transform(list_filter(items, x -> x.item_id = id AND x.price IS NOT NULL), x -> x.price)),
      currency: currency})`;
  const handedLines = `list_transform(CAST(json_extract(handed, '$[11]') AS JSON[]), x -> {
      item: json_extract_string(x, '$[0]'), held: CAST(json_extract_string(x, '$[1]') AS BIGINT), price: CAST(json_extract_string(x, '$[2]') AS DOUBLE), currency: json_extract_string(x, '$[3]')})`;
  return [
    `digits AS (SELECT currency, any_value(minor_digits) AS digits FROM raw WHERE currency IS NOT NULL GROUP BY currency)`,
    `chained AS (SELECT *, hash(log, partition, lane, visitor) AS who,
        count(CASE WHEN name IN ('purchase', 'erase', 'link') THEN 1 END) OVER (PARTITION BY log, partition, lane, visitor ORDER BY act ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS chain,
        CAST(${lines} AS ${LINES}) AS lines, CAST(CASE WHEN handed IS NULL THEN [] ELSE ${handedLines} END AS ${LINES}) AS handed_lines FROM acts)`,
    `numbered AS MATERIALIZED (SELECT who, chain, row_number() OVER (PARTITION BY who, chain ORDER BY act) AS i, name, at_ms, now_ms, before_ms, newest_bought_ms, date AS new_date, currency AS new_currency, coalesce(d.digits, 2) AS new_digits,
        lines AS new_lines, left_ms AS new_left_ms, bought_ms, coalesce(h.digits, 2) AS handed_digits, handed IS NOT NULL AS is_handed, handed_lines, ${inCart(1)} = 'open' AS handed_open, ${inCart(3)} AS handed_currency,
        CAST(timezone(${quoted(timezone)}, to_timestamp(CAST(${inCart(4)} AS BIGINT) / 1000)) AS DATE) AS handed_date,
        ${cartMs(5)} AS handed_last_ms, ${cartMs(7)} AS handed_abandoned_ms, CAST(${inCart(8)} AS BIGINT) AS handed_value,
        CAST(${inCart(4)} AS BIGINT) + CAST(coalesce(${inCart(13)}, ${inCart(5)}) AS BIGINT) AS handed_changed_ms
      FROM chained LEFT JOIN digits d USING (currency) LEFT JOIN digits h ON h.currency = ${inCart(3)})`,
    // Behind the last act of each it is asked once more whether the cart was left.
    `asked AS MATERIALIZED (SELECT * FROM numbered UNION ALL BY NAME SELECT who, chain, max(i) + 1 AS i, 'end' AS name FROM numbered GROUP BY who, chain)`,
  ];
}

/** What a cart is worth in its currency, in minor units. */
const WORTH = `least(coalesce(list_sum(list_transform(list_filter(w.lines, l -> l.currency = w.currency), l -> least(
    CAST(round(CAST(CAST(coalesce(l.price, 0) AS VARCHAR) AS DECIMAL(18, 8)) * CAST(10 ** w.digits AS DECIMAL(5, 0)) * CAST(l.held / 1000 AS DECIMAL(10, 3))) AS BIGINT),
    CAST(${MOST} * 10 ** w.digits AS BIGINT)))), 0), CAST(${MOST} * 10 ** w.digits AS BIGINT))`;

/** Lines of \`held\` with those of \`more\`: a line of both keeps its price and currency where \`isNewer\` does not hold of the other. */
const joined = (held: string, more: string, isNewer: string): string => `list_concat(
    list_transform(${held}, l -> CASE WHEN len(list_filter(${more}, x -> x.item = l.item)) = 0 THEN l ELSE list_transform(list_filter(${more}, x -> x.item = l.item), x -> {
      item: l.item, held: l.held + x.held, price: CASE WHEN ${isNewer} THEN x.price ELSE l.price END, currency: CASE WHEN ${isNewer} THEN x.currency ELSE l.currency END})[1] END),
    list_filter(${more}, x -> len(list_filter(${held}, l -> l.item = x.item)) = 0))`;

const taken = (held: string, out: string): string =>
  `list_filter(list_transform(${held}, l -> {item: l.item, held: l.held - coalesce(list_sum(list_transform(list_filter(${out}, x -> x.item = l.item), x -> x.held)), 0), price: l.price, currency: l.currency}), l -> l.held > 0)`;

const boughtAs = (abandoned: string, bought: string): string =>
  `CASE WHEN ${abandoned} IS NULL THEN 'purchased' WHEN ${bought} > ${abandoned} THEN 'recovered' ELSE 'taken back' END`;

const TOLD = 'STRUCT(date DATE, metric VARCHAR, currency VARCHAR, amount BIGINT)[]';
const told = (when: string, date: string, metric: string, currency: string, amount: string): string =>
  `CASE WHEN ${when} THEN {date: ${date}, metric: ${metric}, currency: ${currency}, amount: ${amount}} END`;

/** One act after the other; what became of the cart between the one before and this one comes first. */
const WALK = `walk(who, chain, i, has, is_open, date, abandoned_ms, value, currency, digits, lines, changed_ms, is_taken, left_ms, told) AS (
  SELECT DISTINCT who, chain, CAST(0 AS BIGINT), false, false, CAST(NULL AS DATE), CAST(NULL AS BIGINT), CAST(0 AS BIGINT), CAST(NULL AS VARCHAR), CAST(2 AS TINYINT),
    CAST([] AS ${LINES}), CAST(NULL AS BIGINT), false, CAST(NULL AS BIGINT), CAST([] AS ${TOLD}) FROM asked
  UNION ALL
  SELECT who, chain, i,
    CASE name WHEN 'add_to_cart' THEN true WHEN 'remove_from_cart' THEN stays AND len(out_lines) > 0 WHEN 'merge' THEN stays OR coalesce(handed = 'begins', false) ELSE false END,
    CASE WHEN name = 'add_to_cart' THEN true WHEN handed = 'begins' THEN handed_open ELSE is_open END,
    CASE WHEN handed = 'begins' THEN handed_date WHEN opens THEN new_date ELSE date END,
    CASE WHEN handed = 'begins' THEN handed_abandoned_ms WHEN opens THEN NULL ELSE abandoned_ms END,
    CASE WHEN handed = 'begins' THEN handed_value WHEN opens THEN 0 ELSE value END,
    CASE WHEN handed = 'begins' THEN handed_currency WHEN opens OR (name = 'add_to_cart' AND len(held) = 0 AND len(new_lines) > 0) THEN new_currency ELSE currency END,
    CASE WHEN handed = 'begins' THEN handed_digits WHEN opens OR (name = 'add_to_cart' AND len(held) = 0 AND len(new_lines) > 0) THEN new_digits ELSE digits END,
    CASE WHEN name = 'add_to_cart' THEN ${joined('held', 'new_lines', 'x.price IS NOT NULL')} WHEN name = 'remove_from_cart' THEN out_lines
      WHEN handed = 'begins' THEN handed_lines WHEN handed = 'joins' THEN ${joined('held', 'handed_lines', 'handed_last_ms > before_ms')} ELSE held END,
    CASE WHEN handed = 'begins' THEN handed_changed_ms WHEN opens THEN at_ms WHEN name IN ('add_to_cart', 'remove_from_cart') THEN greatest(changed_ms, at_ms)
      WHEN handed = 'joins' THEN greatest(changed_ms, handed_changed_ms) ELSE changed_ms END,
    CASE WHEN handed = 'begins' THEN true WHEN opens THEN false ELSE is_taken END,
    new_left_ms,
    CAST(list_filter([
      ${told('first_left', 'date', "'abandoned'", 'currency', 'value')},
      ${told('own IS NOT NULL', 'date', 'own', 'currency', 'value')},
      ${told("handed IN ('purchased', 'recovered', 'taken back')", 'handed_date', 'handed', 'handed_currency', 'handed_value')},
      ${told("handed = 'joins' AND handed_abandoned_ms IS NULL", 'handed_date', "'emptied'", 'handed_currency', '0')},
      ${told('opens', 'new_date', "'opened'", 'new_currency', '0')},
      ${told("stays AND abandoned_ms IS NULL AND (name = 'erase' OR (name = 'remove_from_cart' AND len(out_lines) = 0))", 'date', "'emptied'", 'currency', '0')}
    ], t -> t IS NOT NULL) AS ${TOLD})
  FROM (SELECT *, name = 'add_to_cart' AND NOT stays AS opens, CASE WHEN stays THEN lines ELSE CAST([] AS ${LINES}) END AS held, ${taken('lines', 'new_lines')} AS out_lines,
      CASE WHEN NOT is_handed THEN NULL WHEN newest_bought_ms >= handed_changed_ms THEN ${boughtAs('handed_abandoned_ms', 'newest_bought_ms')}
        WHEN NOT stays THEN 'begins' WHEN is_open AND handed_open THEN 'joins' WHEN is_open OR (NOT handed_open AND before_ms >= handed_last_ms) THEN 'listed' ELSE 'begins' END AS handed
    FROM (SELECT *, is_there AND own IS NULL AS stays
      FROM (SELECT *, CASE WHEN NOT is_there THEN NULL WHEN name = 'purchase' AND NOT is_taken THEN CASE WHEN abandoned_ms IS NULL THEN 'purchased' ELSE 'recovered' END
            WHEN name = 'purchase' THEN ${boughtAs('abandoned_ms', 'at_ms')} WHEN name = 'merge' AND bought_ms >= changed_ms THEN ${boughtAs('abandoned_ms', 'bought_ms')} END AS own
        FROM (SELECT *, has AND (is_open OR coalesce(now_ms <= abandoned_ms + ${RECOVERY_MS}, true)) AS is_there
          FROM (SELECT a.*, w.has, w.is_open AND NOT (w.has AND w.left_ms IS NOT NULL) AS is_open, w.date, w.digits, w.currency, w.lines, w.changed_ms, w.is_taken,
              CASE WHEN w.has AND w.is_open AND w.left_ms IS NOT NULL THEN w.left_ms ELSE w.abandoned_ms END AS abandoned_ms,
              w.has AND w.is_open AND w.left_ms IS NOT NULL AND w.abandoned_ms IS NULL AS first_left,
              CASE WHEN w.has AND w.is_open AND w.left_ms IS NOT NULL AND w.abandoned_ms IS NULL THEN ${WORTH} ELSE w.value END AS value
            FROM walk w JOIN asked a ON a.who = w.who AND a.chain = w.chain AND a.i = w.i + 1))))))`;

/** How carts ended that opened in these dates, told anew from what their visitors did, as one query over `archive`: rows of events as they were counted. Knows nothing of folding. */
export function recountCartsSql(archive: string, control: string, { from, to }: DateRange, rules: CartRules): string {
  const steps = [...stepsSql(archive, control, rules), ...chainsSql(rules)];
  const counts = (metric: string, where: string, sign = 1): string =>
    `SELECT date, ${metric} AS metric, ${sign} AS n FROM ends WHERE ${where}`;
  const worth = (what: string, where: string, sign = 1): string =>
    `SELECT date, '${what} value ' || currency AS metric, ${sign} * amount AS n FROM ends WHERE ${where}`;
  const [isBack, isLeft] = ["metric = 'taken back'", "metric = 'abandoned'"];
  return `WITH RECURSIVE ${steps.join(', ')}, ${WALK},
    ends AS (SELECT t.date, t.metric, t.currency, t.amount FROM (SELECT unnest(told) AS t FROM walk) WHERE t.date BETWEEN ${quoted(from)} AND ${quoted(to)})
    SELECT CAST(date AS VARCHAR) AS date, metric, CAST(sum(n) AS DOUBLE) AS value FROM (${[
      counts("'carts ' || metric", `NOT (${isBack})`),
      counts("'carts abandoned'", isBack, -1),
      counts("'carts purchased'", isBack),
      worth('carts abandoned', isLeft),
      worth('carts abandoned', isBack, -1),
      worth('carts recovered', "metric = 'recovered'"),
    ].join(' UNION ALL ')}) GROUP BY ALL HAVING sum(n) <> 0`;
}
