import { type Config, hintsOf, readConfig } from '../config.ts';
import { reasonOf, stepBack, untilSignal } from './process.ts';
import { type Role, rolesToRun } from './roles.ts';
import { RunningSystem } from './running-system.ts';
import { createLogger, openRedis } from './servers.ts';

const SHUTDOWN_TIMEOUT_MS = 10_000;
/** Without its Redis hardly anything can be stopped in order. */
const SHUTDOWN_TIMEOUT_WITHOUT_REDIS_MS = 1_000;

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
  let shutdownTimeoutMs = SHUTDOWN_TIMEOUT_MS;
  redis.failed.catch(() => {
    shutdownTimeoutMs = SHUTDOWN_TIMEOUT_WITHOUT_REDIS_MS;
  });
  let reason = 'could not stop in time';
  try {
    const summaries = await running.start(roles);
    process.stdout.write(`cartpulse: ${[...summaries, logSummary(config), redis.description].join(' · ')}\n`);
    await Promise.race([stopped, redis.failed, running.failed]);
  } catch (error) {
    reason = reasonOf(error);
    throw error;
  } finally {
    setTimeout(() => endNow(reason), shutdownTimeoutMs).unref();
    await running.stop();
    await redis.stop();
  }
  process.stdout.write('cartpulse: stopped\n');
}

function endNow(reason: string): never {
  process.stderr.write(`cartpulse: ${reason}\n`);
  process.exit(1);
}

function logSummary({ KAFKA_BROKERS }: Config): string {
  return KAFKA_BROKERS === undefined ? 'event log in Redis' : `event log in Kafka at ${KAFKA_BROKERS.join(', ')}`;
}
