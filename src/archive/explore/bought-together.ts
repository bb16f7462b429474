import { quoted } from '../sql.ts';

export interface TogetherAsked {
  readonly itemId: string;
  readonly from: string;
  readonly to: string;
  readonly limit: number;
}

/** Items that were in the same orders: `item_id`, `item_name`, `together`, `orders` of that item, `of` the one that is asked about, `all` orders. */
export function boughtTogetherSql(archive: string, { itemId, from, to, limit }: TogetherAsked): string {
  return `WITH orders AS (
      SELECT row_number() OVER () AS number, items FROM (${archive})
      WHERE outcome <> 'duplicate' AND name = 'purchase' AND date BETWEEN ${quoted(from)} AND ${quoted(to)} AND len(coalesce(items, [])) > 0
    ),
    lines AS (SELECT number, l.item_id AS item_id, max(l.item_name) AS item_name FROM (SELECT number, unnest(items) AS l FROM orders) GROUP BY ALL),
    those AS (SELECT number FROM lines WHERE item_id = ${quoted(itemId)}),
    each AS (
      SELECT item_id, max(item_name) AS item_name, count(*) AS orders, count(*) FILTER (number IN (SELECT number FROM those)) AS together
      FROM lines WHERE item_id <> ${quoted(itemId)} GROUP BY item_id
    )
    SELECT item_id, item_name, together, orders, (SELECT count(*) FROM those) AS "of", (SELECT count(*) FROM orders) AS "all" FROM each
    WHERE together > 0 ORDER BY together DESC, item_id LIMIT ${limit}`;
}
