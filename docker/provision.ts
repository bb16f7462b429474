import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { findServer } from '../src/adapters/redis/server/find-server.ts';
import { messageOf } from '../src/runtime/errors.ts';
import { fetchKafka } from './kafka/kafka-server.ts';

/** Finds what tests and tools need, and installs what is missing after saying so. */
type Need = 'redis' | 'kafka' | 'chromium' | 'prometheus' | 's3' | 'grafana' | 'engine';

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

/** The shell is Chromium without windows: a third less work for each page. */
export const BROWSERS = ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome'] as const;

/** A Redis, as the embedded one is found. */
async function provideRedis(): Promise<void> {
  try {
    await findServer(logger);
  } catch (error) {
    say(messageOf(error));
    process.exit(1);
  }
}

const ENGINE_TOOLS = resolve(import.meta.dirname, '../.cache/engine');
const COMPOSE = 'github.com/docker/compose/v2/cmd@v2.29.7';

/** A Docker engine with compose, which is built where it is no package. */
function provideEngine(): void {
  install('dockerd', 'docker.io');
  install('iptables', 'iptables');
  provideManifestSchemas();
  const plugins = join(ENGINE_TOOLS, 'cli-plugins');
  const plugin = join(plugins, 'docker-compose');
  if (existsSync(plugin) || spawnSync('docker', ['compose', 'version'], { stdio: 'ignore' }).status === 0) return;
  if (!has('go')) {
    say('docker compose is missing; install it, or Go 1.21 to have it built');
    process.exit(1);
  }
  say('docker compose is missing; building it (once, some minutes) …');
  mkdirSync(plugins, { recursive: true });
  const env = { ...process.env, GOBIN: plugins };
  execFileSync('go', ['install', COMPOSE], { stdio: ['ignore', 'ignore', 'inherit'], env });
  renameSync(join(plugins, 'cmd'), plugin);
}

/** A server that speaks S3: versitygw, built from the Go module proxy, since nobody packages it. */
export const S3_SERVER = resolve(import.meta.dirname, '../.cache/s3/versitygw');
const VERSITYGW = 'github.com/versity/versitygw/cmd/versitygw@v1.8.0';

function provideS3(): void {
  if (existsSync(S3_SERVER)) return;
  if (!has('go')) {
    say(`Go is missing, which builds the S3 server of the tests (${VERSITYGW}); install Go 1.21 or newer`);
    process.exit(1);
  }
  say('building an S3 server for the tests (once, some minutes) …');
  const dir = dirname(S3_SERVER);
  mkdirSync(dir, { recursive: true });
  const env = { ...process.env, GOBIN: dir, GOFLAGS: '' };
  execFileSync('go', ['install', VERSITYGW], { stdio: ['ignore', 'ignore', 'inherit'], env });
}

/** The schemas of Kubernetes, with what compares manifests with them. */
function provideManifestSchemas(): void {
  const target = join(ENGINE_TOOLS, 'kubernetes-validate');
  if (existsSync(target)) return;
  install('pip', 'python3-pip');
  say('fetching the schemas of Kubernetes (once) …');
  const options = ['install', '-q', '--root-user-action=ignore', '--target', target, 'kubernetes-validate==1.37.0'];
  execFileSync('pip', options, { stdio: ['ignore', 'ignore', 'inherit'] });
}

/** The model of Grafana's dashboards, as TypeScript: that of the version that compose runs. */
const GRAFANA = '13.2.3';
export const GRAFANA_SCHEMA = resolve(import.meta.dirname, '../.cache/grafana', GRAFANA);

function provideGrafanaSchema(): void {
  if (existsSync(join(GRAFANA_SCHEMA, 'node_modules'))) return;
  say("fetching the model of Grafana's dashboards (once) …");
  mkdirSync(GRAFANA_SCHEMA, { recursive: true });
  const options = ['install', '--silent', '--no-save', '--ignore-scripts', '--prefix', GRAFANA_SCHEMA];
  execFileSync('npm', [...options, `@grafana/schema@${GRAFANA}`], { stdio: ['ignore', 'ignore', 'inherit'] });
}

export async function provision(needs: readonly Need[]): Promise<void> {
  if (needs.includes('redis')) await provideRedis();
  if (needs.includes('prometheus')) install('promtool', 'prometheus');
  if (needs.includes('s3')) provideS3();
  if (needs.includes('grafana')) provideGrafanaSchema();
  if (needs.includes('engine')) provideEngine();
  if (needs.includes('chromium') && !BROWSERS.some(has)) install('chromium-headless-shell', 'chromium-headless-shell');
  if (!needs.includes('kafka')) return;
  install('java', 'default-jre-headless');
  install('mvn', 'maven');
  fetchKafka(say);
}

if (process.argv[1]?.endsWith('provision.ts'))
  await provision([
    'redis',
    'chromium',
    'prometheus',
    's3',
    'grafana',
    ...(process.env['KAFKA_BROKERS'] ? [] : (['kafka'] as const)),
    ...(process.argv.includes('--engine') ? (['engine'] as const) : []),
  ]);
