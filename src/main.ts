import { getPriority, setPriority } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import { BadCommand, confirmReset, runImport, showRebuild } from './app/commands.ts';
import { compose } from './app/composition.ts';
import { runRebuild } from './app/rebuild.ts';
import { ROLES, type Role } from './app/roles.ts';
import { RunningSystem, type Started } from './app/running-system.ts';
import { createLogger, emptyInstallation, openRedis, type RedisSource } from './app/servers.ts';
import { type Config, readConfig } from './config.ts';
import type { Logger } from './runtime/logger.ts';

/**
 * `npm start` gives young objects 64 MB, so that what a batch takes is mostly gone before it counts as old; what is old is little
 * then, and collected before it has doubled (docs/decisions/0018-room-for-young-objects.md).
 */
setFlagsFromString('--heap-growing-percent=60');

const SHUTDOWN_MS = 10_000;
/** A little behind others (0), far before what is idle work (19): docs/decisions/0021-answers-go-first.md. */
const BACKGROUND_PRIORITY = 5;
const COMMANDS = ['import', 'rebuild', 'reset'] as const;
type Command = (typeof COMMANDS)[number];

function rolesOf(names: readonly string[], config: Config): Role[] {
  if (names.length === 0) {
    const simulated =
      config.SIMULATE ?? (config.REDIS_URL === undefined && config.KAFKA_BROKERS === undefined ? 50 : 0);
    return simulated > 0 ? [...ROLES] : ROLES.filter((role) => role !== 'simulate');
  }
  return names.map((name) => {
    const role = ROLES.find((known) => known === name);
    if (role === undefined)
      throw new BadCommand(
        `${name} is no role; there are ${ROLES.join(', ')}, and the commands ${COMMANDS.join(', ')}`,
      );
    return role;
  });
}

async function runRoles(names: readonly string[], config: Config, logger: Logger): Promise<void> {
  const roles = rolesOf(names, config);
  const redis = await openRedis(config, logger);
  if (!roles.includes('api')) stepBack();
  const stopped = untilSignal();
  const running = new RunningSystem(config, redis.url, logger);
  try {
    const started = await running.start(roles);
    process.stdout.write(`${summary(started, config, redis)}\n`);
    await Promise.race([stopped, redis.failed, running.failed]);
  } finally {
    setTimeout(() => {
      process.stderr.write('cartpulse: could not stop in time\n');
      process.exit(1);
    }, SHUTDOWN_MS).unref();
    await running.stop();
    await redis.stop();
  }
}

function summary(running: readonly Started[], config: Config, redis: RedisSource): string {
  const log =
    config.KAFKA_BROKERS === undefined
      ? 'event log in Redis'
      : `event log in Kafka at ${config.KAFKA_BROKERS.join(', ')}`;
  return `cartpulse: ${[...running.map(({ summary }) => summary), log, redis.description].join(' · ')}`;
}

/** Where cores are short, who answers nobody leaves them to those who do, to Redis and to the log. An own Redis has begun by then. */
function stepBack(): void {
  if (getPriority() < BACKGROUND_PRIORITY) setPriority(BACKGROUND_PRIORITY);
}

/** The first signal stops the process in order. */
function untilSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve());
  });
}

async function runCommand(name: Command, args: readonly string[], config: Config, logger: Logger): Promise<void> {
  const redis = await openRedis(config, logger, { share: true });
  try {
    if (name === 'rebuild') {
      stepBack();
      const stop = new AbortController();
      void untilSignal().then(() => stop.abort());
      await showRebuild(args, stop.signal, (options) => runRebuild(config, redis.url, logger, options));
      return;
    }
    if (name === 'reset') {
      const what = `all keys ${config.KEY_PREFIX}:* in ${redis.description}${config.KAFKA_BROKERS ? ` and the topics ${config.KAFKA_EVENTS_TOPIC}, ${config.KAFKA_INVENTORY_TOPIC} in Kafka` : ''}`;
      if (await confirmReset(what, args)) await emptyInstallation(config, redis.url, logger);
      return;
    }
    const system = await compose(config, redis.url, logger);
    try {
      // With an own Redis nobody else counts; where servers are shared, their consumers do.
      const consumption = redis.own ? await system.log.consume(system.worker()) : undefined;
      try {
        await runImport(args, system, redis.own);
      } finally {
        await consumption?.stop();
      }
    } finally {
      await system.close();
    }
  } finally {
    await redis.stop();
  }
}

async function main(): Promise<void> {
  const [first, ...rest] = process.argv.slice(2);
  const config = readConfig();
  const logger = createLogger(config.LOG_LEVEL);
  const command = COMMANDS.find((known) => known === first);
  if (command !== undefined) await runCommand(command, rest, config, logger);
  else await runRoles(process.argv.slice(2), config, logger);
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    // One line that says why and what to do; the stack is for those who ask for it.
    process.stderr.write(`cartpulse: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
