import { DuckProcess } from '../../src/adapters/duckdb/duck-process.ts';
import { funnelSql } from '../../src/archive/explore/funnel.ts';
import { retentionSql } from '../../src/archive/explore/retention.ts';
import type { ArchiveFiles } from '../../src/archive/files.ts';
import { archived } from '../../src/archive/sql.ts';
import { Calendar } from '../../src/time/calendar.ts';
import { measureCost } from './parts/archive-cost.ts';
import { type History, writeHistory } from './parts/archive-history.ts';
import { openBenchArchive } from './parts/bench-archive.ts';

/**
 * `npm run bench:archive`: a year of a simulated shop in the archive (BENCH_EVENTS, 10,000,000), and what people ask of it; then what
 * archiving takes from counting, by fewer events (BENCH_COST_EVENTS, 300,000) counted into Redis with it and without.
 */
const EVENTS = Number(process.env['BENCH_EVENTS'] ?? 10_000_000);
const COST_EVENTS = Number(process.env['BENCH_COST_EVENTS'] ?? 300_000);
const PAIRS = Number(process.env['BENCH_PAIRS'] ?? 3);
/** As busy a shop, however many events are asked for. */
const DAYS = Math.max(2, Math.round((365 * EVENTS) / 10_000_000));
const DAY_MS = 86_400_000;
const RUNS = 3;

const calendar = new Calendar('UTC');
const endMs = Math.floor(Date.now() / DAY_MS) * DAY_MS;
const archive = openBenchArchive();
await measureHistory({ events: EVENTS, days: DAYS, endMs });
await measureQuestions(archive.files);
await archive.close();
if (COST_EVENTS > 0) {
  tell(`what it costs, of ${COST_EVENTS} events counted into Redis:`);
  await measureCost(COST_EVENTS, PAIRS, tell);
}

/** Without a Redis: what is counted is folded, and its rows are written. */
async function measureHistory(history: History): Promise<void> {
  const { events, foldSeconds, parquetSeconds } = await writeHistory(history, archive, (line) => tell(`  ${line}`));
  const merging = performance.now();
  await archive.writer.merge('9999-12-31');
  const mergedSeconds = (performance.now() - merging) / 1_000;
  const us = (seconds: number): string => ((seconds * 1e6) / events).toFixed(1);
  tell(`${events} events of ${history.days} days: ${(archive.bytes('archive') / events).toFixed(1)} bytes an event`);
  tell(
    `  an event: ${us(foldSeconds)} µs to count and keep, ${us(parquetSeconds)} µs to write as Parquet, ${us(mergedSeconds)} µs to merge`,
  );
}

async function measureQuestions(files: ArchiveFiles): Promise<void> {
  const reading = new DuckProcess(["SET memory_limit = '1GB'", 'SET threads = 2', "SET TimeZone = 'UTC'"]);
  const listed = await files.list();
  const table = await files.read(listed, async (sourceOf) => archived(listed.map(sourceOf)));
  const [from = '', to = ''] = [endMs - DAYS * DAY_MS, endMs].map((ms) => calendar.at(ms).day);
  const steps = ['view_item', 'add_to_cart', 'purchase'].map((name) => ({ name }));
  const asked = { steps, windowMs: undefined, breakdown: [], from, to };
  const questions: [what: string, sql: string][] = [
    ['funnel of three steps by visitor', funnelSql(table, { ...asked, by: 'visitor' })],
    ['funnel of three steps by session', funnelSql(table, { ...asked, by: 'session' })],
    ...(['day', 'week', 'month'] as const).map((interval): [string, string] => [
      `retention by ${interval}`,
      retentionSql(table, { cohort: 'visit', interval, from, to }),
    ]),
  ];
  // Its process has begun by then.
  await reading.query('SELECT 1');
  for (const [what, sql] of questions) {
    const took: string[] = [];
    for (let run = 0; run < RUNS; run++) {
      const asking = performance.now();
      await reading.query(sql);
      took.push(((performance.now() - asking) / 1_000).toFixed(2));
    }
    tell(`  ${what}: ${took.join(', ')} s`);
  }
  await reading.close();
}

function tell(line: string): void {
  process.stdout.write(`${line}\n`);
}
