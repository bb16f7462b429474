import type { Logger } from '../../../runtime/logger.ts';
import { type Machine, reasonOf, serverOnPath } from './machine.ts';

const TIMEOUT_MS = 5 * 60_000;

interface PackageManager {
  readonly command: string;
  /** Those that systems of various ages have, the likeliest first. */
  readonly packages: readonly string[];
  /** Others ask for a password; Homebrew in turn refuses root. */
  readonly asRoot: boolean;
  steps(name: string): readonly (readonly [command: string, ...args: string[]])[];
}

const PACKAGE_MANAGERS: readonly PackageManager[] = [
  {
    command: 'apt-get',
    packages: ['redis-server'],
    asRoot: true,
    steps: (name) => [
      ['apt-get', 'update', '-q'],
      ['env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', 'install', '-y', '-q', '--no-install-recommends', name],
    ],
  },
  {
    command: 'dnf',
    packages: ['valkey', 'redis'],
    asRoot: true,
    steps: (name) => [['dnf', 'install', '-y', '-q', name]],
  },
  {
    command: 'apk',
    packages: ['valkey', 'redis'],
    asRoot: true,
    steps: (name) => [['apk', 'add', '--no-cache', name]],
  },
  {
    command: 'pacman',
    packages: ['valkey'],
    asRoot: true,
    steps: (name) => [['pacman', '-S', '--noconfirm', '--needed', name]],
  },
  {
    command: 'brew',
    packages: ['redis'],
    asRoot: false,
    steps: (name) => [['brew', 'install', '--quiet', name]],
  },
];

/** Installs a server's package, where that needs no password. @returns where the server lies */
export async function installPackage(machine: Machine, logger: Logger): Promise<string | undefined> {
  for (const { command, packages, asRoot, steps } of PACKAGE_MANAGERS) {
    if (asRoot !== machine.isRoot || (await machine.which(command)) === undefined) continue;
    for (const name of packages) {
      logger.info({}, `no redis-server or valkey-server on the path: installing the package ${name} with ${command}`);
      try {
        for (const [program, ...args] of steps(name)) await machine.run(program, args, TIMEOUT_MS);
      } catch (error) {
        logger.warn({ reason: reasonOf(error) }, `${command} could not install ${name}`);
        continue;
      }
      const installed = await serverOnPath(machine);
      if (installed !== undefined) return installed;
    }
  }
  return undefined;
}
