import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rees46 } from '../../src/imports/formats/rees46.ts';
import { Importer } from '../../src/imports/importer.ts';
import { Acceptor } from '../../src/ingestion/acceptor.ts';
import { Calendar } from '../../src/time/calendar.ts';
import { MemoryErasures } from '../support/fakes/erasures.ts';
import { type AppendFate, MemoryLog } from '../support/fakes/event-log.ts';
import { MemoryImportJournal } from '../support/fakes/import-journal.ts';
import { MemoryImportRegistry } from '../support/fakes/import-registry.ts';
import { ACCEPTING } from '../support/traffic/arrival.ts';

export const now = () => Date.parse('2026-11-20T12:00:00Z');
const HEADER = 'event_time,event_type,product_id,category_id,category_code,brand,price,user_id,user_session';
export const row = (user: number, price = '5.00') =>
  `2019-10-01 00:00:00 UTC,view,mug,1,kitchen.mug,acme,${price},u${user},s${user}`;
/** Lines of a file are counted from 1, and the header is the first. */
export const rows = (count: number) => Array.from({ length: count }, (_, i) => row(i));
export const LAST_OF_CHUNKS = [1_001, 2_001, 2_501];

// Files of tests that run in one process share it, so that none of them may remove it at its end.
const folder = mkdtempSync(join(tmpdir(), 'cartpulse-imports-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));

let files = 0;
export function file(content: string | Uint8Array): string {
  const path = join(folder, `${++files}.csv`);
  writeFileSync(path, content);
  return path;
}
export const csv = (lines: readonly string[]) => [HEADER, ...lines].join('\n');

/** An importer with a log and a registry in memory, and another process's beside it. */
export function start(partitions = 2) {
  const log = new MemoryLog(partitions, now);
  const registry = new MemoryImportRegistry();
  const journal = new MemoryImportJournal();
  const erasures = new MemoryErasures();
  const sleeps: number[] = [];
  const sleep = async (ms: number) => void sleeps.push(ms);
  const hire = (of: MemoryLog = log) =>
    new Importer({
      acceptor: new Acceptor(of, now, ACCEPTING),
      log: of,
      registry,
      journal,
      erasures,
      calendar: new Calendar('UTC'),
      maxBytes: 64 * 1_048_576,
      sleep,
    });
  const importer = hire();
  const bring = (path: string, force = false) => importer.importFile(path, rees46, { force });
  const taken = () => [...log.records.values()].flat().map(({ importId, value }) => ({ importId, ...toJson(value) }));
  const lines = () => taken().flatMap((one) => (one.event_id === undefined ? [] : [lineOf(one.event_id)]));
  const closings = () => taken().filter(({ control }) => control === 'close').length;
  return { log, registry, journal, erasures, sleeps, hire, bring, taken, lines, closings };
}

const toJson = (value: Uint8Array | null) => JSON.parse(Buffer.from(value ?? '').toString());
const lineOf = (id: string): number => Number(id.slice(id.lastIndexOf('-') + 1));
export const isWhole = (lines: readonly number[], count: number) =>
  lines.length === count && new Set(lines).size === count && Math.max(...lines) === count + 1;

/** The fate of appends, one after the other; what follows is acknowledged. */
export const fates = (log: MemoryLog, ...of: AppendFate[]) => log.fates.push(...of.map((fate) => () => fate));
