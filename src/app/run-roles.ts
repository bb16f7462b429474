import { type Config, hintsOf, readConfig } from '../config.ts';
import { endWith, reasonOf, stepBack, untilSignal } from './process.ts';
import { type Role, rolesToRun } from './roles.ts';
import { RunningSystem } from './running-system.ts';
import { createLogger, openRedis, type RedisSource } from './servers.ts';

const SHUTDOWN_TIMEOUT_MS = 10_000;
/** Without its Redis hardly anything can be stopped in order. */
const SHUTDOWN_TIMEOUT_WITHOUT_REDIS_MS = 1_000;

const TAKEN_UP = 'what was not finished is taken up at the next start';

/** Runs until a signal comes, which ends it in order, or until a role or the own Redis fails. */
export async function runRoles(named: readonly Role[]): Promise<void> {
  const config = readConfig();
  const logger = createLogger(config.LOG_LEVEL);
  const roles = rolesToRun(named, config);
  for (const hint of hintsOf(config)) process.stdout.write(`cartpulse: ${hint}\n`);
  const redis = await openRedis(config, logger);
  if (!roles.includes('api')) stepBack();
  const stopped = untilSignal();
  const running = new RunningSystem(config, redis.url, logger);
  try {
    const summaries = await Promise.race([running.start(roles), redis.failed]);
    process.stdout.write(`cartpulse: ${[...summaries, logSummary(config), redis.description].join(' · ')}\n`);
    await Promise.race([stopped, redis.failed, running.failed]);
  } catch (error) {
    // What stopping has to say afterwards follows from this.
    await stop(running, redis, () => endWith(reasonOf(error))).catch(() => undefined);
    throw error;
  }
  try {
    await stop(running, redis, () => void endLate(running, 'could not stop in time'));
  } catch (error) {
    await endLate(running, `could not stop in order (${reasonOf(error)})`);
  }
  process.stdout.write('cartpulse: stopped\n');
}

/** Where a server is away there is nothing to wait for, and the signal was obeyed; else the fault is here. */
async function endLate(running: RunningSystem, what: string): Promise<never> {
  const away = await running.away();
  if (away.length === 0) return endWith(`${what}; ${TAKEN_UP}`);
  process.stdout.write(`cartpulse: stopped without waiting for ${away.join(' and ')}; ${TAKEN_UP}\n`);
  return process.exit(0);
}

/** @param onLate what is done where it takes too long */
async function stop(running: RunningSystem, redis: RedisSource, onLate: () => void): Promise<void> {
  const cut = setTimeout(onLate, SHUTDOWN_TIMEOUT_MS);
  redis.failed.catch((error: unknown) => {
    setTimeout(() => endWith(reasonOf(error)), SHUTDOWN_TIMEOUT_WITHOUT_REDIS_MS).unref();
  });
  await running.stop();
  await redis.stop();
  clearTimeout(cut);
}

function logSummary({ KAFKA_BROKERS }: Config): string {
  return KAFKA_BROKERS === undefined ? 'event log in Redis' : `event log in Kafka at ${KAFKA_BROKERS.join(', ')}`;
}
