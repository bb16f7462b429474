import { stat } from 'node:fs/promises';
import { createInterface } from 'node:readline/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { Presets, SingleBar } from 'cli-progress';
import { importFormats } from '../imports/formats/index.ts';
import type { RebuildOutcome } from '../rebuild/rebuild.ts';
import type { System } from './composition.ts';
import type { RebuildOptions } from './rebuild.ts';

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
  if (outcome.outcome === 'import-running') {
    throw new BadCommand(
      `this file is being imported as ${outcome.importId}; if that was cut off, start it again in 15 seconds and it goes on`,
    );
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
    const { lag } = await system.monitor().check();
    if (lag === 0) return;
    process.stdout.write(`  counting: ${lag} events left\n`);
    await sleep(500);
  }
}

/** `rebuild`: counts the log anew beside the live answers, and switches over when it has caught up. */
export async function showRebuild(
  args: readonly string[],
  signal: AbortSignal,
  run: (options: RebuildOptions) => Promise<RebuildOutcome>,
): Promise<void> {
  const unknown = args.find((arg) => arg !== '--force');
  if (unknown !== undefined) throw new BadCommand(`use: npm start -- rebuild [--force]; ${unknown} is unknown`);
  const bar = new SingleBar(
    { format: '{bar} {percentage}% | {value} of {total} records | {eta_formatted} left', noTTYOutput: true },
    Presets.shades_classic,
  );
  const { outcome } = await run({
    force: args.includes('--force'),
    signal,
    onBegun(generation, resumed) {
      process.stdout.write(`rebuilding as generation ${generation}${resumed ? ', going on where it was left' : ''}\n`);
      bar.start(0, 0);
    },
    onCopied: (records) => process.stdout.write(`  copied ${records} records into the new log\n`),
    onProgress(done, of) {
      bar.setTotal(of);
      bar.update(Math.min(done, of));
    },
    onCompared(rows) {
      bar.stop();
      const lines = rows.map(({ what, live, rebuilt }) => [what, String(live), String(rebuilt), note(rebuilt - live)]);
      for (const [what = '', ...numbers] of [['over all days', 'live', 'rebuilt', ''], ...lines])
        process.stdout.write(`  ${what.padEnd(32)}${numbers.map((text) => text.padStart(16)).join('')}\n`);
    },
  }).finally(() => bar.stop());
  const said = {
    switched: 'the rebuilt answers are the live ones now',
    stopped: 'stopped; the next rebuild goes on from here',
  };
  process.stdout.write(`cartpulse: ${said[outcome]}\n`);
}

const note = (difference: number): string => (difference === 0 ? '' : `${difference > 0 ? '+' : ''}${difference}`);

/** `reset`: empties what the installation holds, after asking. */
export async function confirmReset(what: string, args: readonly string[]): Promise<boolean> {
  if (args.includes('--yes')) return true;
  if (!process.stdin.isTTY) throw new BadCommand('reset asks before it empties anything; without a terminal add --yes');
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question(`This deletes ${what}. Type yes to go on: `);
  terminal.close();
  return answer.trim() === 'yes';
}
