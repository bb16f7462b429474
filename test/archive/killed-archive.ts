import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { duck } from '../support/compare/duckdb.ts';
import { startProcess } from '../support/system/processes.ts';
import { unique } from '../support/system/system.ts';
import { ERASED_AT, recordsOfShop } from './shop-records.ts';

export interface Content {
  readonly rows: unknown;
  readonly files: number;
}

/** Where an archive lies, if not in a folder of its process: what the process is told, and where its files are to be found. */
export interface Place {
  readonly environment: Readonly<Record<string, string>>;
  rootOf(prefix: string): string;
}

/** What an archive holds whose process was killed at these points, one after the other. */
export async function archiveWith(
  redisUrl: string,
  deaths: readonly (readonly [at: string, after: number])[],
  place?: Place,
): Promise<Content> {
  const dir = mkdtempSync(join(tmpdir(), 'cartpulse-archive-'));
  const prefix = unique();
  const environment = { ...place?.environment, REDIS_URL: redisUrl, KEY_PREFIX: prefix, DIR: dir };
  const root = place?.rootOf(prefix) ?? join(dir, 'archive');
  for (const [at, after] of deaths) {
    const run = startProcess('test/archive/run-archive.ts', [], {
      ...environment,
      DIE_AT: at,
      DIE_AFTER: String(after),
    });
    expect(await run.ended, `${at}: ${run.output()}`).toBe('SIGKILL');
  }
  const last = startProcess('test/archive/run-archive.ts', [], environment);
  expect(await last.ended, last.output()).toBe(0);
  const files = join(root, 'date=*', 'partition=*', '*.parquet');
  // Whose rows were erased nobody can say: their names differ from run to run.
  const rows = await duck(
    `SELECT count(*) AS rows, count(DISTINCT position) AS places, min(position) AS first, max(position) AS last,
      sum(session_event) AS session_events, sum(order_amount) AS money, count(DISTINCT visitor) AS visitors,
      md5(string_agg(concat_ws(' ', position, name, outcome, session_began_at, items), ',' ORDER BY position)) AS content
     FROM read_parquet('${files}', hive_partitioning = true)`,
  );
  const names = readdirSync(root, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith('.parquet') && !name.startsWith('.'));
  const control = join(root, '.control', 'date=*', 'partition=*', '*.parquet');
  const [records] = await duck(
    `SELECT min(position) AS first, count(record) AS told, count(DISTINCT record) AS once FROM '${control}'`,
  );
  // The erasure, and that the visitor's cart ended by it.
  expect(records).toEqual({ first: ERASED_AT, told: 2, once: 2 });
  expect(await duck(`SELECT 1 AS named FROM '${control}' WHERE contains(record, '${firstVisitor()}')`)).toEqual([]);
  const [erased] = await duck(
    `SELECT count(*) AS n FROM read_parquet('${files}') WHERE visitor = '${firstVisitor()}' AND position < ${ERASED_AT}`,
  );
  expect(erased).toEqual({ n: 0 });
  expect(readdirSync(join(dir, 'waiting', 'test', 'events-0'))).toEqual([]);
  rmSync(dir, { recursive: true });
  return { rows, files: names.length };
}

function firstVisitor(): string {
  const [first] = recordsOfShop();
  return JSON.parse(Buffer.from(first?.value ?? []).toString()).user_id;
}
