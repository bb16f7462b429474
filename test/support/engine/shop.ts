import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Json } from '../system/system.ts';
import { type Engine, type Ran, withoutDigest } from './engine.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const URL = 'http://127.0.0.1:3000';

export const ADMIN_KEY = 'an-admin-key-of-the-test';
export const REDIS_PASSWORD = 'b1f0c3f57d0a4c0f8c2e';
const KAFKA_PASSWORD = '9d4e2f7a1c3b5d6e8f90';

export interface Container {
  readonly Id: string;
  readonly RestartCount: number;
  readonly Config: { readonly User: string };
  readonly State: {
    readonly Pid: number;
    readonly Status: string;
    readonly ExitCode: number;
    readonly Health?: { readonly Status: string };
  };
  readonly HostConfig: Json;
  readonly NetworkSettings: { readonly Ports: Readonly<Record<string, readonly { readonly HostIp: string }[] | null>> };
}

/** What compose runs of a clean clone, with a file .env beside it. */
export class ComposedShop {
  readonly dir = mkdtempSync(join(tmpdir(), 'cartpulse-clone-'));
  private readonly engine: Engine;

  constructor(engine: Engine) {
    this.engine = engine;
    execFileSync('git', ['clone', '-q', ROOT, this.dir]);
    // What is not committed yet is built as well; what git does not know is not.
    const changes = execFileSync('git', ['diff', 'HEAD', '--binary'], { cwd: ROOT, maxBuffer: 64 * 1_048_576 });
    if (changes.length > 0) execFileSync('git', ['apply'], { cwd: this.dir, input: changes });
  }

  settings(more: Readonly<Record<string, string>>): void {
    const all = { ADMIN_KEYS: ADMIN_KEY, REDIS_PASSWORD, KAFKA_PASSWORD, ...more };
    const lines = Object.entries(all).map(([name, value]) => `${name}=${value}\n`);
    // As a person begins: with the example, and lines of one's own at its end.
    writeFileSync(join(this.dir, '.env'), `${readFileSync(join(this.dir, '.env.example'), 'utf8')}\n${lines.join('')}`);
  }

  /** Where base images are stand-ins. */
  forgetDigests(): void {
    for (const name of ['docker-compose.yml', 'docker/Dockerfile', 'docker/redis-commander.Dockerfile']) {
      const file = join(this.dir, name);
      writeFileSync(file, withoutDigest(readFileSync(file, 'utf8')));
    }
  }

  compose(...args: string[]): Promise<Ran> {
    return this.engine.run('docker', ['compose', ...args], { cwd: this.dir });
  }

  async composed(...args: string[]): Promise<string> {
    const { code, output } = await this.compose(...args);
    if (code !== 0) throw new Error(`docker compose ${args.join(' ')}: ${output}`);
    return output;
  }

  /** All containers of a service, ended ones among them. */
  async containers(service: string): Promise<Container[]> {
    const ids = await this.engine.docker(
      'ps',
      '-aq',
      '--no-trunc',
      '--filter',
      `label=com.docker.compose.service=${service}`,
      '--filter',
      'label=com.docker.compose.oneoff=False',
    );
    if (ids === '') return [];
    return JSON.parse(await this.engine.docker('inspect', ...ids.split('\n')));
  }

  async container(service: string): Promise<Container> {
    const [one] = await this.containers(service);
    if (one === undefined) throw new Error(`no container of ${service}`);
    return one;
  }

  async health(service: string): Promise<string> {
    return (await this.container(service)).State.Health?.Status ?? 'none';
  }

  async ask(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = { Authorization: `Bearer ${ADMIN_KEY}`, 'Content-Type': 'application/json' };
    return fetch(`${URL}${path}`, { ...init, headers: { ...headers, ...init.headers } });
  }

  async get(path: string): Promise<Json> {
    const body: Json = await (await this.ask(path)).json();
    return body.data;
  }

  /** Sends until it is taken: a server may be on its way back. */
  async send(events: readonly object[], timeoutMs = 60_000): Promise<void> {
    const until = Date.now() + timeoutMs;
    for (;;) {
      const response = await this.ask('/v1/events', { method: 'POST', body: JSON.stringify(events) }).catch(
        () => undefined,
      );
      if (response?.status === 202) return;
      if (Date.now() > until) throw new Error(`not taken: ${await response?.text()}`);
      await sleep(200);
    }
  }

  async remove(): Promise<void> {
    await this.compose('--profile', '*', 'down', '-v', '-t', '5');
    rmSync(this.dir, { recursive: true, force: true });
  }
}

/** The processes of a container, by their numbers here: the first one, and what it has started. */
export function processesOf({ State: { Pid } }: Container): number[] {
  const children = readFileSync(`/proc/${Pid}/task/${Pid}/children`, 'utf8').trim();
  return [Pid, ...(children === '' ? [] : children.split(' ').map(Number))];
}

export function signal(container: Container, name: NodeJS.Signals): void {
  for (const pid of processesOf(container)) process.kill(pid, name);
}
