import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import type { TestSystem } from '../../support/system/system.ts';
import { type Figure, say } from './figures.ts';
import { fillDays, type ShopDays } from './shop-days.ts';

const DUCKDB = '@duckdb/node-api@1.5.6-r.1';
const DIR = '.cache/duckdb';
const TRIES = 5;

/** The question as DuckDB is asked it, and as cartpulse is. */
const QUESTIONS: Readonly<Record<string, string>> = {
  'top ten products': '/v1/products/popular?limit=10',
  'unique users by stage and city': '/v1/cities?limit=100',
  'a funnel of four stages': '/v1/funnel?breakdown=city',
  'abandoned carts': '/v1/abandonment',
};

/** DuckDB on the same events in Parquet, and cartpulse's answers over the same days, one request at a time. */
export async function measureBesideDuckDb(system: TestSystem, days: ShopDays): Promise<Figure[]> {
  fetchDuckDb();
  const dir = mkdtempSync(join(tmpdir(), 'cartpulse-duckdb-'));
  const file = join(dir, 'events.ndjson');
  for (const events of fillDays(days))
    await appendFile(file, events.map((event) => `${JSON.stringify(event)}\n`).join(''));
  say(`DuckDB: ${days.events} events are written`);
  const { stdout } = await promisify(execFile)(process.execPath, ['test/bench/parts/duckdb.mjs', file, DIR]);
  rmSync(dir, { recursive: true });
  const theirs = z.record(z.string(), z.number()).parse(JSON.parse(stdout));
  const figures: Figure[] = [];
  for (const [question, path] of Object.entries(QUESTIONS)) {
    const range = `${path.includes('?') ? '&' : '?'}from=${days.fromDay}&to=${days.toDay}`;
    const ours = await bestOf(async () => void (await (await system.request(`${path}${range}`)).text()));
    const of = `in cartpulse, DuckDB ${(theirs[question] ?? Number.NaN).toFixed(0)} ms`;
    figures.push({ what: `${question} of ${days.events.toLocaleString('en')} events`, value: ours, unit: 'ms', of });
  }
  return figures;
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

/** For the benchmark alone, so it is fetched when it is needed and is no dependency. */
function fetchDuckDb(): void {
  if (existsSync(join(DIR, 'node_modules/@duckdb/node-api'))) return;
  say(`fetching ${DUCKDB} into ${DIR} …`);
  mkdirSync(DIR, { recursive: true });
  execFileSync('npm', ['install', '--prefix', DIR, '--no-audit', '--no-fund', '--silent', DUCKDB], { stdio: 'ignore' });
}
