import { FIRST_GENERATION } from '../../adapters/redis/installation/installation.ts';
import type { Config } from '../../config.ts';
import { Keyspace } from '../../metrics/keyspace.ts';
import type { Logger } from '../../runtime/logger.ts';
import type { System } from '../composition.ts';
import { isAlone, type Role } from '../roles.ts';
import { emptyInstallation } from '../servers.ts';

/** What somebody has set up while the simulated shop ran: it is not of that shop, and stays. */
const KEPT = ['keys', 'keys-state', 'audit', 'webhooks', 'webhooks-disabled', 'alerts', 'notes', 'views'] as const;

/** Marks what begins with a simulated shop, and leaves that out where it was ended once and nobody asks for it. */
export async function rolesAfterDemo(roles: readonly Role[], system: System, config: Config): Promise<readonly Role[]> {
  if (!roles.includes('simulate') || !isAlone(config)) return roles;
  if (system.isNew) await system.simulation.set('begun');
  const isAsked = config.SIMULATE !== undefined;
  return !isAsked && (await system.simulation.get()) === 'ended' ? roles.filter((role) => role !== 'simulate') : roles;
}

/** Nothing that was counted is left, nor what it was counted from. */
export function emptyAfterDemo(config: Config, redisUrl: string, logger: Logger): Promise<void> {
  const keyspace = new Keyspace(config.KEY_PREFIX, FIRST_GENERATION, config.REDIS_SHARDS);
  return emptyInstallation(
    config,
    redisUrl,
    logger,
    KEPT.map((name) => keyspace.installation(name)),
  );
}
