import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';

export const ONLINE_RETAIL = resolve(import.meta.dirname, '../../data/online-retail-2010-12.csv.gz');
export const REES46 = resolve(import.meta.dirname, '../../data/rees46-2019-10-sample.csv');

type Row = Readonly<Record<string, string | number | null>>;

/** Counts a CSV file with DuckDB: an exact count that knows nothing of cartpulse. */
export async function duck(sql: string): Promise<Row[]> {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  const reader = await connection.runAndReadAll(sql);
  return reader
    .getRowObjectsJson()
    .map((row) => Object.fromEntries(Object.entries(row).map(([key, value]) => [key, toPlain(value)])));
}

function toPlain(value: unknown): string | number | null {
  if (value === null || typeof value === 'number') return value;
  const text = String(value);
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}

/** The first lines of the online shop's file, as a file of their own: some chunks of an import. @returns where it is */
export function firstLines(count: number, dir: string): string {
  const lines = gunzipSync(readFileSync(ONLINE_RETAIL))
    .toString()
    .split('\n', count + 1);
  const file = join(dir, `first-${count}.csv`);
  writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
}

/** The sales and returns of an online-retail file, by docs/rules.md; money in pence, a line rounded half up. */
export const retailOf = (file: string): string => `
  WITH rows AS (
    SELECT InvoiceNo AS invoice, StockCode AS item, CAST(Quantity AS BIGINT) AS quantity, CAST(UnitPrice AS DECIMAL(18, 6)) AS price,
           Country AS country, CASE WHEN CustomerID IS NULL THEN 'anonymous-' || InvoiceNo ELSE regexp_replace(CustomerID, '\\.0$', '') END AS customer,
           InvoiceNo LIKE 'C%' AS refund
    FROM read_csv('${file}', header = true, all_varchar = true)
  ),
  lines AS (
    SELECT *, floor(price * abs(quantity) * 100 + 0.5)::BIGINT AS pence FROM rows
    WHERE price > 0 AND quantity <> 0 AND (quantity < 0) = refund
  )`;
export const RETAIL = retailOf(ONLINE_RETAIL);
