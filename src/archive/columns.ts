import { BUILT_IN_NAMES } from '../metrics/dimension.ts';

/** A column of the archive: what it is called, DuckDB's type, what it says, and its short name in rows that wait to be written. */
export interface ArchiveColumn {
  readonly name: string;
  readonly key: string;
  /** As it is in Parquet; moments wait as milliseconds since the epoch. */
  readonly type: string;
  readonly meaning: string;
  /** What rows that wait leave out because it goes without saying: SQL over short names. */
  readonly otherwise?: string;
}

/** The outcome of an event whose row was lost, and that the log still had: how it counted nobody knows. */
export const FETCHED = 'fetched';

function column(key: string, name: string, type: string, meaning: string, otherwise?: string): ArchiveColumn {
  return { name, key, type, meaning, ...(otherwise !== undefined && { otherwise }) };
}

/** Where a session was worked out, as the event's own. */
const asOfEvent = (key: string): string => `CASE WHEN sn IS NOT NULL THEN ${key} END`;

/** A record that is no event: ticks, closings and the like, which a rebuild needs where it was. */
export const CONTROL_COLUMNS: readonly ArchiveColumn[] = [
  column('d', 'date', 'DATE', 'a folder'),
  column('pt', 'partition', 'VARCHAR', 'the log’s partition; a folder'),
  column('p', 'position', 'BIGINT', 'as of events'),
  column('g', 'log', 'VARCHAR', 'as of events'),
  column('l', 'lane', 'VARCHAR', 'as of events'),
  column('a', 'arrived_at', 'TIMESTAMPTZ', 'when the log took it'),
  column('rec', 'record', 'VARCHAR', 'what the log holds, as JSON'),
];

const LINES =
  'STRUCT(item_id VARCHAR, item_name VARCHAR, category VARCHAR, brand VARCHAR, variant VARCHAR, price DOUBLE, quantity DOUBLE)[]';
const ORDER_LINES = 'STRUCT(item_id VARCHAR, units DOUBLE, amount BIGINT)[]';

/** One row is one event, as it was counted. */
export const COLUMNS: readonly ArchiveColumn[] = [
  column('d', 'date', 'DATE', 'local date of the event, in the store’s time zone; a folder'),
  column('pt', 'partition', 'VARCHAR', 'the log’s partition, such as events-0; a folder'),
  column(
    'p',
    'position',
    'BIGINT',
    'how many records of the partition lie before the event’s, or, of one that waited for its guest’s link, before what released it',
  ),
  column(
    'w',
    'released_by',
    'BIGINT',
    'of an event that waited for its guest’s link: the position of the record behind which it counted, where that is another',
  ),
  column('g', 'log', 'VARCHAR', 'which log the positions are of'),
  column('l', 'lane', 'VARCHAR', '`live`, or the id of the import that the event came with', "'live'"),
  column(
    'o',
    'outcome',
    'VARCHAR',
    '`applied`; `duplicate`: it counts nowhere; `refund-beyond`, `unknown-refund`; `fetched`: see below',
    "'applied'",
  ),
  column('e', 'event_id', 'VARCHAR', 'the event’s id'),
  column('n', 'name', 'VARCHAR', 'the event’s name'),
  column('t', 'timestamp', 'TIMESTAMPTZ', 'when it happened'),
  column('a', 'arrived_at', 'TIMESTAMPTZ', 'when the log took it'),
  column('u', 'visitor', 'VARCHAR', '`user_id`, or else `anonymous_id`; absent in events about stock'),
  column('s', 'session_id', 'VARCHAR', 'what the shop calls the session; absent where it does not name it'),
  column('sb', 'session_began_at', 'TIMESTAMPTZ', 'when the session’s first event happened'),
  column('sd', 'session_date', 'DATE', 'local date of that: sessions count there', asOfEvent('d')),
  column('sn', 'session_event', 'INTEGER', 'the event’s number in its session, from 1'),
  column('nu', 'is_new_visitor', 'BOOLEAN', 'true for the first event of a visitor who is new; else absent'),
  // Under which value the event and its session count, where the installation counts by it. Own dimensions have no column.
  ...BUILT_IN_NAMES.flatMap((name) => [
    column(`d_${name}`, name, 'VARCHAR', `the ${name} that the event counts under`),
    column(
      `s_${name}`,
      `session_${name}`,
      'VARCHAR',
      `the ${name} that its session counts under`,
      asOfEvent(`d_${name}`),
    ),
  ]),
  column('k', 'cart', 'VARCHAR', 'the cart that the event belongs to, whatever it does in it'),
  column('kd', 'cart_date', 'DATE', 'local date on which that opened: carts count there'),
  column('kl', 'cart_left_at', 'TIMESTAMPTZ', 'when the cart counts as abandoned; absent where it does not by then'),
  column(
    'ku',
    'cart_due_at',
    'TIMESTAMPTZ',
    'it is abandoned when the lane’s time is later than this and nothing else has come; absent where it has ended, or counts as abandoned',
  ),
  column('c', 'currency', 'VARCHAR', 'of the amounts, ISO 4217'),
  column(
    'cd',
    'minor_digits',
    'TINYINT',
    'an amount in minor units is 10 to the power of these times one in major units',
    'CASE WHEN c IS NOT NULL THEN 2 END',
  ),
  column('v', 'value', 'DOUBLE', 'as it was sent, in major units'),
  column('oa', 'order_amount', 'BIGINT', 'what a purchase or refund counts, in minor units'),
  column('ou', 'order_units', 'DOUBLE', 'units of a purchase'),
  column('ol', 'order_lines', ORDER_LINES, 'what counts for each item: units, and amount in minor units'),
  column('x', 'transaction_id', 'VARCHAR', 'the order'),
  column('y', 'payment_type', 'VARCHAR', 'how it was paid'),
  column('sh', 'shipping', 'DOUBLE', 'of a purchase that says any of these four, in major units'),
  column('tx', 'tax', 'DOUBLE', 'likewise'),
  column('dc', 'discount', 'DOUBLE', 'what the order has off, likewise'),
  column('cp', 'coupon', 'VARCHAR', 'the coupon that it names'),
  column(
    'i',
    'items',
    LINES,
    'the event’s lines: prices of one, in major units; the levels of a category with U+001F between them',
  ),
  column('q', 'search_term', 'VARCHAR', 'what was searched for, folded as it counts'),
  column('r', 'results_count', 'BIGINT', 'how many results the search had'),
  column('sl', 'stock_level', 'BIGINT', 'of a stock_update; its item is in `items`, as is that of a price_change'),
  column(
    'nm',
    'named',
    'MAP(VARCHAR, VARCHAR)',
    'what the event itself names of each dimension, own ones among them; the session may have another value',
  ),
  column('rp', 'repaired', 'VARCHAR[]', 'rules of repair that the event went through'),
];
