import { execFileSync, spawnSync } from 'node:child_process';
import { findServer } from '../src/adapters/redis/server/find-server.ts';
import { messageOf } from '../src/runtime/errors.ts';
import { fetchKafka } from './kafka/kafka-server.ts';

/** Finds what tests and tools need, and installs what is missing after saying so. */
type Need = 'redis' | 'kafka' | 'chromium';

const say = (line: string): void => {
  process.stderr.write(`provision: ${line}\n`);
};

const logger = {
  debug: () => undefined,
  info: (_details: object, message: string) => say(message),
  warn: (details: object, message: string) => say(`${message}: ${JSON.stringify(details)}`),
  error: (_details: object, message: string) => say(message),
};

function has(command: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${command}`], { stdio: 'ignore' }).status === 0;
}

let updated = false;

/** Installs a Debian package, or says the one command that would. */
function install(command: string, debianPackage: string): void {
  if (has(command)) return;
  const line = `apt-get update && apt-get install -y ${debianPackage}`;
  if (process.getuid?.() !== 0 || !has('apt-get')) {
    say(`${command} is missing and cannot be installed from here; run: sudo sh -c '${line}'`);
    process.exit(1);
  }
  say(`${command} is missing; installing Debian's package ${debianPackage} …`);
  const options = {
    stdio: ['ignore', 'ignore', 'inherit'] as ('ignore' | 'inherit')[],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  };
  if (!updated) execFileSync('apt-get', ['update', '-q'], options);
  updated = true;
  execFileSync('apt-get', ['install', '-y', '-q', '--no-install-recommends', debianPackage], options);
}

/** A Redis, as the embedded one is found. */
async function provideRedis(): Promise<void> {
  try {
    await findServer(logger);
  } catch (error) {
    say(messageOf(error));
    process.exit(1);
  }
}

export async function provision(needs: readonly Need[]): Promise<void> {
  if (needs.includes('redis')) await provideRedis();
  if (needs.includes('chromium')) install('chromium', 'chromium');
  if (!needs.includes('kafka')) return;
  install('java', 'default-jre-headless');
  install('mvn', 'maven');
  fetchKafka(say);
}

if (process.argv[1]?.endsWith('provision.ts'))
  await provision(['redis', 'chromium', ...(process.env['KAFKA_BROKERS'] ? [] : (['kafka'] as const))]);
