import { stat } from 'node:fs/promises';
import { createInterface } from 'node:readline/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Config, readConfig } from '../config.ts';
import type { ImportFormat } from '../imports/formats/format.ts';
import type { ImportReport } from '../imports/import-report.ts';
import type { Compared } from '../rebuild/rebuild.ts';
import type { Logger } from '../runtime/logger.ts';
import { archiveDirOf } from './archive/places.ts';
import { BadCommand } from './command-line.ts';
import { compose, type System } from './composition.ts';
import type { KeysCommand } from './keys/key-commands.ts';
import { runKeysCommand } from './keys/manage-keys.ts';
import { stepBack, untilSignal } from './process.ts';
import { startProgress } from './progress.ts';
import { createLogger, emptyInstallation, openRedis, type RedisSource } from './servers.ts';
import { runRebuild } from './upkeep/rebuild.ts';

const SHOWN_PROBLEMS = 10;

interface Setting {
  readonly config: Config;
  readonly redis: RedisSource;
  readonly logger: Logger;
}

/**
 * Commands join the Redis of a process that runs in the data
 * directory; where there is none, they start it for themselves.
 */
async function withRedis(work: (setting: Setting) => Promise<void>): Promise<void> {
  const config = readConfig();
  const logger = createLogger(config.LOG_LEVEL);
  const redis = await openRedis(config, logger, { share: true });
  try {
    await Promise.race([work({ config, redis, logger }), redis.failed]);
  } finally {
    await redis.stop();
  }
}

/** `import`: brings the file in, says how far it is, and waits until it is counted, by this process or by another. */
export async function importFile(format: ImportFormat, path: string, { force }: { force: boolean }): Promise<void> {
  await checkFile(path);
  await withRedis(async ({ config, redis, logger }) => {
    const system = await compose(config, redis.url, logger);
    try {
      // An own Redis has no other process that counts; a shared one has.
      const consumption = redis.own ? await system.log.consume(system.worker()) : undefined;
      try {
        show(await importWithProgress(system, format, { path, force }));
        await untilCounted(system);
      } finally {
        await consumption?.stop();
      }
    } finally {
      await system.close();
    }
  });
}

async function checkFile(path: string): Promise<void> {
  try {
    if ((await stat(path)).isFile()) return;
  } catch {
    throw new BadCommand(`there is no file ${path}`);
  }
  throw new BadCommand(`${path} is no file`);
}

interface ImportedFile {
  readonly path: string;
  readonly force: boolean;
}

async function importWithProgress(
  system: System,
  format: ImportFormat,
  { path, force }: ImportedFile,
): Promise<ImportReport> {
  const progress = startProgress('rows');
  const onProgress = (rows: number, of: number): void => progress.update(rows, of);
  try {
    const outcome = await system.importer().importFile(path, format, { force, onProgress });
    switch (outcome.outcome) {
      case 'imported':
        return outcome.report;
      case 'imported-before':
        throw new BadCommand(`this file was imported before as ${outcome.importId}; --force counts it again`);
      case 'import-running':
        throw new BadCommand(
          `this file is being imported as ${outcome.importId}; if that was cut off, start it again in 15 seconds and it goes on`,
        );
      case 'import-taking-back':
        throw new BadCommand(
          `what ${outcome.importId} counted of this file is being taken back; import it when that is done`,
        );
    }
  } finally {
    progress.stop();
  }
}

function show({ import_id: id, rows, events, rejected, errors, repaired = [] }: ImportReport): void {
  for (const { line, column, message } of [...repaired, ...errors].slice(0, SHOWN_PROBLEMS))
    process.stdout.write(`  line ${line}, ${column === '' ? 'the whole' : column}: ${message}\n`);
  if (rejected > SHOWN_PROBLEMS) process.stdout.write(`  … ${rejected - SHOWN_PROBLEMS} more rows were rejected\n`);
  process.stdout.write(`${id}: ${rows} rows, ${events} events, ${rejected} rejected\n`);
}

const COUNTED_EVERY_MS = 500;
/** So long without a step, nobody may be counting. */
const MOST_STILL_MS = 30_000;

/** Until all that is in the log by now is in the answers. */
async function untilCounted(system: System): Promise<void> {
  const inLogMs = Date.now();
  let [left, atMs, stillMs] = [Number.POSITIVE_INFINITY, 0, 0];
  for (;;) {
    const { lag, asOfMs } = await system.monitor().check();
    if (lag === 0 || asOfMs >= inLogMs) return;
    // Where more comes in than is counted, what is counted gets newer all the same.
    stillMs = lag < left || asOfMs > atMs ? 0 : stillMs + COUNTED_EVERY_MS;
    if (stillMs > MOST_STILL_MS) {
      process.stdout.write(
        `  ${lag} events wait, and none was counted for ${MOST_STILL_MS / 1_000} s: is a process with the role consume running?\n`,
      );
      return;
    }
    [left, atMs] = [lag, asOfMs];
    process.stdout.write(`  counting: ${lag} events left\n`);
    await sleep(COUNTED_EVERY_MS);
  }
}

interface RebuildCommand {
  readonly force: boolean;
  readonly from: 'archive' | undefined;
}

/** `rebuild`: counts the log anew beside the live answers, and switches over when it has caught up. */
export async function rebuild({ force, from }: RebuildCommand): Promise<void> {
  await withRedis(async ({ config, redis, logger }) => {
    stepBack();
    const stop = new AbortController();
    void untilSignal().then(() => stop.abort());
    const progress = startProgress('records');
    const { outcome } = await runRebuild(config, redis.url, logger, {
      force,
      from,
      signal: stop.signal,
      onBegun(generation, resumed) {
        const resuming = resumed ? ', going on where it was left' : '';
        process.stdout.write(`rebuilding as generation ${generation}${resuming}\n`);
      },
      onCopied: (records) => process.stdout.write(`  copied ${records} records into the new log\n`),
      onProgress: (done, of) => progress.update(done, of),
      onCompared(rows) {
        progress.stop();
        compare(rows, config.DAILY_DAYS);
      },
    }).finally(() => progress.stop());
    const result = {
      switched: 'the rebuilt answers are the live ones now',
      stopped: 'stopped; the next rebuild goes on from here',
    };
    process.stdout.write(`cartpulse: ${result[outcome]}\n`);
  });
}

function compare(rows: readonly Compared[], days: number): void {
  const lines = rows.map(({ what, live, rebuilt }) => [what, String(live), String(rebuilt), signed(rebuilt - live)]);
  for (const [what = '', ...numbers] of [[`of the last ${days} days`, 'live', 'rebuilt', ''], ...lines])
    process.stdout.write(`  ${what.padEnd(32)}${numbers.map((text) => text.padStart(16)).join('')}\n`);
}

function signed(difference: number): string {
  if (difference === 0) return '';
  // Units have three decimals, and in floats what lies between two of them may show more.
  const shown = String(Number(difference.toFixed(3)));
  return difference > 0 ? `+${shown}` : shown;
}

/** `keys`: what is changed holds in every process within a second. */
export async function keys(command: KeysCommand): Promise<void> {
  await withRedis(async ({ config, redis, logger }) => {
    const system = await compose(config, redis.url, logger);
    try {
      for (const line of await runKeysCommand(command, system)) process.stdout.write(`${line}\n`);
    } finally {
      await system.close();
    }
  });
}

/** `reset`: empties what the installation holds, after asking. */
export async function reset({ yes }: { yes: boolean }): Promise<void> {
  await withRedis(async ({ config, redis, logger }) => {
    const { KEY_PREFIX, KAFKA_BROKERS, KAFKA_EVENTS_TOPIC, KAFKA_INVENTORY_TOPIC } = config;
    const topics =
      KAFKA_BROKERS === undefined ? '' : ` and the topics ${KAFKA_EVENTS_TOPIC}, ${KAFKA_INVENTORY_TOPIC} in Kafka`;
    const what = `all keys ${KEY_PREFIX}:* in ${redis.description}${topics}, and the archive in ${archiveDirOf(config)}`;
    if (yes || (await isConfirmed(what))) await emptyInstallation(config, redis.url, logger);
  });
}

async function isConfirmed(what: string): Promise<boolean> {
  if (!process.stdin.isTTY) throw new BadCommand('reset asks before it empties anything; without a terminal add --yes');
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question(`This deletes ${what}. Type yes to go on: `);
  terminal.close();
  return answer.trim() === 'yes';
}
