import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { duck } from '../support/compare/duckdb.ts';
import { startRedis, type TestRedis } from '../support/servers/redis-server.ts';
import { startProcess } from '../support/system/processes.ts';
import { unique } from '../support/system/system.ts';
import { ERASED_AT, recordsOfShop } from './shop-records.ts';

let redis: TestRedis;
let calm: Content;

interface Content {
  readonly rows: unknown;
  readonly files: number;
}

beforeAll(async () => {
  redis = await startRedis();
  calm = await archiveWith([]);
}, 240_000);

afterAll(() => redis.close());

/** What an archive holds whose process was killed at these points, one after the other. */
async function archiveWith(deaths: readonly (readonly [at: string, after: number])[]): Promise<Content> {
  const dir = mkdtempSync(join(tmpdir(), 'cartpulse-archive-'));
  const environment = { REDIS_URL: redis.url, KEY_PREFIX: unique(), DIR: dir };
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
  const files = join(dir, 'archive', 'date=*', 'partition=*', '*.parquet');
  // Whose rows were erased nobody can say: their names differ from run to run.
  const rows = await duck(
    `SELECT count(*) AS rows, count(DISTINCT position) AS places, min(position) AS first, max(position) AS last,
      sum(session_event) AS session_events, sum(order_amount) AS money, count(DISTINCT visitor) AS visitors,
      md5(string_agg(concat_ws(' ', position, name, outcome, session_began_at, items), ',' ORDER BY position)) AS content
     FROM read_parquet('${files}', hive_partitioning = true)`,
  );
  const names = readdirSync(join(dir, 'archive'), { recursive: true })
    .map(String)
    .filter((name) => name.endsWith('.parquet') && !name.startsWith('.'));
  const control = join(dir, 'archive', '.control', 'date=*', 'partition=*', '*.parquet');
  const [records] = await duck(
    `SELECT min(position) AS first, count(position) AS places, count(record) AS told FROM '${control}'`,
  );
  expect(records).toEqual({ first: ERASED_AT, places: 1, told: 1 });
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

test('every event is in the archive once, the erased visitor nowhere, and each date is one file', () => {
  expect(calm.rows).toMatchObject([{ rows: 1_999, places: 1_999, first: 0, last: 1_999 }]);
  expect(calm.files).toBe(2);
});

test.each([
  [[['kept', 1]]],
  [
    [
      ['kept', 7],
      ['committed', 3],
    ],
  ],
  [
    [
      ['written', 1],
      ['written', 2],
    ],
  ],
  [
    [
      ['placed', 1],
      ['control-placed', 2],
    ],
  ],
  [
    [
      ['done', 2],
      ['erased', 1],
    ],
  ],
  [[['merged', 1]]],
  [[['parts-removed', 1]]],
] as const)(
  'a process that is killed at %j archives nothing twice, and everything once',
  { timeout: 400_000 },
  async (deaths) => {
    expect(await archiveWith(deaths)).toEqual(calm);
  },
);
