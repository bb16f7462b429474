import { stat } from 'node:fs/promises';
import { createInterface } from 'node:readline/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { Presets, SingleBar } from 'cli-progress';
import type { System } from './composition.ts';
import { importFormats } from './events/imports/index.ts';

/** The command line does not make sense. */
export class BadCommand extends Error {
  readonly code = 'bad-command';
  readonly retryable = false;
}

/** `import FORMAT FILE`: brings the file in with a progress bar, and waits until it is counted where this process counts. */
export async function runImport(args: readonly string[], system: System, counting: boolean): Promise<void> {
  const [name, path] = args;
  const format = importFormats.get(name ?? '');
  if (format === undefined || path === undefined) {
    throw new BadCommand(
      `use: npm start -- import FORMAT FILE [--force], where FORMAT is ${[...importFormats.keys()].join(' or ')}`,
    );
  }
  const size = await stat(path).then(
    (file) => file.size,
    () => {
      throw new BadCommand(`there is no file ${path}`);
    },
  );
  const bar = new SingleBar(
    { format: '{bar} {percentage}% | {rows} rows | {duration_formatted}', noTTYOutput: true, notTTYSchedule: 2_000 },
    Presets.shades_classic,
  );
  bar.start(size, 0, { rows: 0 });
  const outcome = await system.importer().importFile(path, format, {
    force: args.includes('--force'),
    onProgress: (rows, bytes) => bar.update(Math.min(size, bytes), { rows }),
  });
  if (outcome.outcome === 'imported') bar.update(size, { rows: outcome.report.rows });
  bar.stop();
  if (outcome.outcome === 'imported-before') {
    throw new BadCommand(`this file was imported before as ${outcome.importId}; --force counts it again`);
  }
  const { report } = outcome;
  for (const { line, column, message } of report.errors.slice(0, 10))
    process.stdout.write(`  line ${line}, ${column}: ${message}\n`);
  if (report.rejected > 10) process.stdout.write(`  … ${report.rejected - 10} more rows were rejected\n`);
  process.stdout.write(
    `${report.import_id}: ${report.rows} rows, ${report.events} events, ${report.rejected} rejected\n`,
  );
  if (counting) await untilCounted(system);
}

async function untilCounted(system: System): Promise<void> {
  for (;;) {
    const { lag } = await system.monitor().look();
    if (lag === 0) return;
    process.stdout.write(`  counting: ${lag} events left\n`);
    await sleep(500);
  }
}

/** `reset`: empties what the installation holds, after asking. */
export async function confirmReset(what: string, args: readonly string[]): Promise<boolean> {
  if (args.includes('--yes')) return true;
  if (!process.stdin.isTTY) throw new BadCommand('reset asks before it empties anything; without a terminal add --yes');
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question(`This deletes ${what}. Type yes to go on: `);
  terminal.close();
  return answer.trim() === 'yes';
}
