import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Logger } from '../../../runtime/logger.ts';
import { buildServer, builtServer, REDIS_RELEASE, type Release } from './build-server.ts';
import { type Machine, serverOnPath, thisMachine } from './machine.ts';
import { installPackage } from './package-managers.ts';

/** No Redis can be found, installed or run. */
export class NoRedis extends Error {
  readonly code = 'no-redis';
  readonly retryable = false;
}

export interface Search {
  readonly machine: Machine;
  /** Where what was built is kept. */
  readonly cacheDir: string;
  readonly release: Release;
}

const HERE: Search = { machine: thisMachine, cacheDir: join(homedir(), '.cache/cartpulse'), release: REDIS_RELEASE };

/** A server that is there already: on the path, or built before. */
export async function presentServer({ machine, cacheDir, release }: Search = HERE): Promise<string | undefined> {
  return (await serverOnPath(machine)) ?? (await builtServer(cacheDir, release));
}

/**
 * A server that is there, else one from the machine's package
 * manager, else one built from source; what is done is said before.
 * @throws NoRedis
 */
export async function findServer(logger: Logger, search: Search = HERE): Promise<string> {
  const { machine, cacheDir, release } = search;
  const found =
    (await presentServer(search)) ??
    (await installPackage(machine, logger)) ??
    (await buildServer(machine, cacheDir, release, logger));
  if (found !== undefined) return found;
  throw new NoRedis(
    'no redis-server or valkey-server was found, and none could be installed. Install one by hand (`sudo apt-get install redis-server`, ' +
      '`sudo dnf install valkey`, `brew install redis`, …), or set REDIS_URL to a Redis that runs already',
  );
}
