/**
 * `node duckdb.mjs EVENTS.ndjson DIR`: the same events in Parquet, asked with SQL. Prints { question: milliseconds
 * }, the best of five. A script by itself, since DuckDB is fetched for the benchmark alone and is no dependency.
 */
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';

const [, , events, dir] = process.argv;
const { DuckDBInstance } = createRequire(join(resolve(dir), 'package.json'))('@duckdb/node-api');
const connection = await (await DuckDBInstance.create(':memory:')).connect();
const parquet = `${events}.parquet`;
await connection.run(`COPY (
  SELECT *, epoch_ms("timestamp") AS moment FROM read_json_auto('${events}', format = 'newline_delimited')
) TO '${parquet}' (FORMAT parquet)`);

const stageOf = `CASE name WHEN 'view_item' THEN 1 WHEN 'add_to_cart' THEN 2 WHEN 'begin_checkout' THEN 3 WHEN 'purchase' THEN 4 END`;
const QUESTIONS = {
  'top ten products': `
    SELECT item.item_id, count(*) AS views FROM (SELECT unnest(items) AS item FROM '${parquet}' WHERE name = 'view_item')
    GROUP BY 1 ORDER BY 2 DESC LIMIT 10`,
  'unique users by stage and city': `
    SELECT name, city, count(DISTINCT user_id) FROM '${parquet}'
    WHERE name IN ('view_item', 'add_to_cart', 'begin_checkout', 'purchase') GROUP BY 1, 2`,
  'a funnel of four stages': `
    WITH firsts AS (
      SELECT session_id, min(moment) FILTER (stage = 1) AS a, min(moment) FILTER (stage = 2) AS b, min(moment) FILTER (stage = 3) AS c,
        min(moment) FILTER (stage = 4) AS d
      FROM (SELECT session_id, moment, ${stageOf} AS stage FROM '${parquet}') GROUP BY 1)
    SELECT count(a), count(*) FILTER (b >= a), count(*) FILTER (b >= a AND c >= b), count(*) FILTER (b >= a AND c >= b AND d >= c) FROM firsts`,
  'abandoned carts': `
    WITH steps AS (
      SELECT name, moment, lead(moment) OVER (PARTITION BY user_id ORDER BY moment) AS following FROM '${parquet}')
    SELECT count(*) FROM steps WHERE name = 'add_to_cart' AND (following IS NULL OR following > moment + INTERVAL 1 HOUR)`,
};

const best = {};
for (const [question, sql] of Object.entries(QUESTIONS)) {
  best[question] = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 5; i++) {
    const at = performance.now();
    await (await connection.run(sql)).getRows();
    best[question] = Math.min(best[question], performance.now() - at);
  }
}
process.stdout.write(`${JSON.stringify(best)}\n`);
