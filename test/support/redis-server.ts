import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import getPort from 'get-port';
import { Redis } from 'ioredis';
import { defineScripts, type ScriptCommands } from '../../src/adapters/redis/client/commands.ts';

export interface TestRedis {
  readonly url: string;
  readonly port: number;
  readonly client: Redis & ScriptCommands;
  /** Its files. */
  readonly dir: string;
  start(): Promise<void>;
  stop(signal?: 'SIGTERM' | 'SIGKILL'): Promise<void>;
  /** Stops it and removes its files. */
  close(): Promise<void>;
}

const binary = ['redis-server', 'valkey-server'].find(
  (name) => spawnSync('sh', ['-c', `command -v ${name}`]).status === 0,
);

/** A real Redis of its own for a test file. */
export async function startRedis(
  options: readonly string[] = ['--save', '', '--appendonly', 'no'],
): Promise<TestRedis> {
  if (binary === undefined) throw new Error('no redis-server; run `npm test`, which provides one');
  const dir = mkdtempSync(join(tmpdir(), 'cartpulse-redis-'));
  const port = await getPort();
  let child: ChildProcess | undefined;
  const client = new Redis(port, { lazyConnect: true, retryStrategy: () => 50 });
  defineScripts(client);
  client.on('error', () => undefined);
  const start = async (): Promise<void> => {
    child = spawn(binary, ['--port', String(port), '--bind', '127.0.0.1', '--dir', dir, ...options], {
      stdio: 'ignore',
      detached: true,
    });
    for (let i = 0; i < 200; i++) {
      try {
        await client.ping();
        return;
      } catch {
        await sleep(25);
      }
    }
    throw new Error('Redis did not start');
  };
  const stop = async (signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> => {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  };
  await start();
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    client,
    dir,
    start,
    stop,
    async close() {
      client.disconnect();
      await stop('SIGKILL');
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
