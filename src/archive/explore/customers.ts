import type { BuiltInName } from '../../metrics/dimension.ts';
import { quoted } from '../sql.ts';

export interface CustomersAsked {
  readonly currency: string;
  /** What customers are cut by: the value of their first order. */
  readonly first: BuiltInName;
  readonly from: string;
  readonly to: string;
}

/** Each customer with an order in these dates: how many days ago the last one was, how many there were, what they came to in minor units. */
const customers = (archive: string, { currency, first, from, to }: CustomersAsked): string =>
  `customers AS (
    SELECT date_diff('day', max(date), DATE ${quoted(to)}) AS recency, count(*) AS orders, sum(order_amount) AS revenue, arg_min(session_${first}, timestamp) AS value
    FROM (${archive}) WHERE outcome <> 'duplicate' AND name = 'purchase' AND currency = ${quoted(currency)} AND date BETWEEN ${quoted(from)} AND ${quoted(to)}
    GROUP BY visitor
  )`;

const TOTALS = 'count(*) AS customers, sum(orders) AS orders, CAST(sum(revenue) AS BIGINT) AS revenue';

/** Customers in fifths by recency, frequency and money; 5 is the best. */
export function segmentsSql(archive: string, asked: CustomersAsked): string {
  return `WITH ${customers(archive, asked)}, fifths AS (
      SELECT *, ntile(5) OVER (ORDER BY recency DESC, revenue) AS r, ntile(5) OVER (ORDER BY orders, revenue) AS f, ntile(5) OVER (ORDER BY revenue, orders) AS m FROM customers
    ) SELECT r, f, m, ${TOTALS} FROM fifths GROUP BY r, f, m ORDER BY r DESC, f DESC, m DESC`;
}

/** What customers came to, by where their first order came from. */
export function lifetimeSql(archive: string, asked: CustomersAsked, limit: number): string {
  return `WITH ${customers(archive, asked)} SELECT value, ${TOTALS}, count(*) FILTER (orders > 1) AS returning FROM customers
    GROUP BY value ORDER BY revenue DESC, value LIMIT ${limit}`;
}
