import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { RedisMemoryServer } from 'redis-memory-server';
import { defineScripts, type ScriptCommands } from '../../../src/adapters/redis/client/commands.ts';
import { presentServer } from '../../../src/adapters/redis/server/find-server.ts';

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

/** A real Redis of its own for a test file, which ends with it. It keeps nothing unless the options say so. */
export async function startRedis(options: readonly string[] = []): Promise<TestRedis> {
  const systemBinary = await presentServer();
  if (systemBinary === undefined) throw new Error('no redis-server; run `npm test`, which provides one');
  const dir = mkdtempSync(join(tmpdir(), 'cartpulse-redis-'));
  const server = new RedisMemoryServer({
    binary: { systemBinary },
    instance: { args: ['--dir', dir, ...options] },
    // Its own process group: a Ctrl-C in the terminal reaches the tests, which then stop it.
    spawn: { detached: true },
  });
  const port = await server.getPort();
  const client = new Redis(port, { lazyConnect: true, retryStrategy: () => 50 });
  defineScripts(client);
  client.on('error', () => undefined);
  await client.ping();
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    client,
    dir,
    async start() {
      await server.start();
      await client.ping();
    },
    stop: (signal = 'SIGTERM') => stop(server, signal),
    async close() {
      client.disconnect();
      await stop(server, 'SIGKILL');
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

async function stop(server: RedisMemoryServer, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  const { childProcess } = server.getInstanceInfo() || {};
  if (childProcess !== undefined && childProcess.exitCode === null && childProcess.signalCode === null) {
    const ended = once(childProcess, 'exit');
    childProcess.kill(signal);
    await ended;
  }
  await server.stop();
}
