import { mkdirSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';

/** `npm run chaos` puts more through than fits into every test run. */
const FULL = process.env['CHAOS'] === 'full';

export const scaled = <T>(short: T, full: T): T => (FULL ? full : short);

const REPORTS = resolve(import.meta.dirname, '../../../.cache/chaos');

/** Keeps what a test did and what came of it, for docs/reliability.md. */
export function report(name: string, figures: Readonly<Record<string, number | string>>): void {
  mkdirSync(REPORTS, { recursive: true });
  writeFileSync(`${REPORTS}/${name}.json`, `${JSON.stringify({ name, full: FULL, figures }, null, 2)}\n`);
}

/** One line that moves, where somebody waits for it. */
export function progress(text: string): void {
  if (FULL) process.stderr.write(`\r\u001b[Kchaos: ${text}`);
}
