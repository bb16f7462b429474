import { mkdtempSync, rmSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import type { TestSystem } from '../../support/system/system.ts';
import { type Figure, say } from '../parts/figures.ts';
import { fillDays, type ShopDays } from '../parts/shop-days.ts';

const TRIES = 5;
const STAGE = `CASE name WHEN 'view_item' THEN 1 WHEN 'add_to_cart' THEN 2
  WHEN 'begin_checkout' THEN 3 WHEN 'purchase' THEN 4 END`;

interface Question {
  readonly what: string;
  /** As cartpulse is asked, and as DuckDB is. */
  readonly path: string;
  readonly sql: string;
}

const QUESTIONS: readonly Question[] = [
  {
    what: 'top ten products',
    path: '/v1/products/popular?limit=10',
    sql: `SELECT item.item_id, count(*) AS views
      FROM (SELECT unnest(items) AS item FROM events WHERE name = 'view_item') GROUP BY 1 ORDER BY 2 DESC LIMIT 10`,
  },
  {
    what: 'unique users by stage and city',
    path: '/v1/cities?limit=100',
    sql: `SELECT name, city, count(DISTINCT user_id) FROM events
      WHERE name IN ('view_item', 'add_to_cart', 'begin_checkout', 'purchase') GROUP BY 1, 2`,
  },
  {
    what: 'a funnel of four stages',
    path: '/v1/funnel?breakdown=city',
    sql: `WITH firsts AS (
        SELECT session_id, min(moment) FILTER (stage = 1) AS a, min(moment) FILTER (stage = 2) AS b,
          min(moment) FILTER (stage = 3) AS c, min(moment) FILTER (stage = 4) AS d
        FROM (SELECT session_id, moment, ${STAGE} AS stage FROM events) GROUP BY 1)
      SELECT count(a), count(*) FILTER (b >= a), count(*) FILTER (b >= a AND c >= b),
        count(*) FILTER (b >= a AND c >= b AND d >= c) FROM firsts`,
  },
  {
    what: 'abandoned carts',
    path: '/v1/abandonment',
    sql: `WITH steps AS (
        SELECT name, moment, lead(moment) OVER (PARTITION BY user_id ORDER BY moment) AS following FROM events)
      SELECT count(*) FROM steps
      WHERE name = 'add_to_cart' AND (following IS NULL OR following > moment + INTERVAL 1 HOUR)`,
  },
];

/** DuckDB on the same events in Parquet, and cartpulse's answers over the same days, one request at a time. */
export async function measureBesideDuckDb(system: TestSystem, days: ShopDays): Promise<Figure[]> {
  const dir = mkdtempSync(join(tmpdir(), 'cartpulse-duckdb-'));
  const connection = await openParquet(join(dir, 'events'), days);
  const figures: Figure[] = [];
  for (const { what, path, sql } of QUESTIONS) {
    const theirs = await bestOf(async () => void (await (await connection.run(sql)).getRows()));
    const range = `${path.includes('?') ? '&' : '?'}from=${days.fromDay}&to=${days.toDay}`;
    const ours = await bestOf(async () => void (await (await system.request(`${path}${range}`)).text()));
    const of = `in cartpulse, DuckDB ${theirs.toFixed(0)} ms`;
    figures.push({ what: `${what} of ${days.events.toLocaleString('en')} events`, value: ours, unit: 'ms', of });
  }
  connection.closeSync();
  rmSync(dir, { recursive: true });
  return figures;
}

/** The days' events in a file of Parquet, as a view. */
async function openParquet(path: string, days: ShopDays): Promise<DuckDBConnection> {
  for (const events of fillDays(days))
    await appendFile(`${path}.ndjson`, events.map((event) => `${JSON.stringify(event)}\n`).join(''));
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  await connection.run(`COPY (SELECT *, epoch_ms("timestamp") AS moment
    FROM read_json_auto('${path}.ndjson', format = 'newline_delimited')) TO '${path}.parquet' (FORMAT parquet)`);
  await connection.run(`CREATE VIEW events AS SELECT * FROM '${path}.parquet'`);
  say(`DuckDB: ${days.events} events are in Parquet`);
  return connection;
}

async function bestOf(ask: () => Promise<void>): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < TRIES; i++) {
    const at = performance.now();
    await ask();
    best = Math.min(best, performance.now() - at);
  }
  return best;
}
