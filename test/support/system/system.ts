import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { compose, type System } from '../../../src/app/composition.ts';
import { type Config, readConfig } from '../../../src/config.ts';
import type { Consumption } from '../../../src/ingestion/ports/event-log.ts';
import type { Logger } from '../../../src/runtime/logger.ts';
import { Documented } from './documented.ts';

export const silent: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

export const unique = (): string => `t${randomBytes(5).toString('hex')}`;

/** Answers are compared with what the rules says, not with our own types. */
export type Json = ReturnType<typeof JSON.parse>;

export interface TestSystem {
  readonly system: System;
  readonly config: Config;
  readonly prefix: string;
  /** What it was started with. */
  readonly environment: Readonly<Record<string, string>>;
  /** What it warned its operator of, as JSON. */
  readonly warned: readonly string[];
  request(path: string, init?: RequestInit): Promise<Response>;
  /** The `data` of a GET. */
  get(path: string): Promise<Json>;
  post(events: unknown): Promise<Response>;
  importFile(format: string, body: Uint8Array | string, query?: string): Promise<Response>;
  startCounting(): Promise<Consumption>;
  /** Waits until all that was accepted is in the answers. */
  settled(timeoutMs?: number): Promise<void>;
  close(): Promise<void>;
}

/** What no document speaks of; all other settings may make it another one. */
const UNDOCUMENTED = /^(KEY_PREFIX|DATA_DIR|PARTITIONS|REDIS_SHARDS|LOG_RETENTION|KAFKA_\w+)$/;

/** A whole system on real servers, with keys of its own; its API is asked through `app.request()`, and every answer is compared with its document. */
export async function startSystem(
  redisUrl: string,
  environment: Readonly<Record<string, string>> = {},
  options: Parameters<typeof compose>[3] = {},
): Promise<TestSystem> {
  const prefix = environment['KEY_PREFIX'] ?? unique();
  const dataDir = mkdtempSync(join(tmpdir(), 'cartpulse-data-'));
  const config = readConfig({ KEY_PREFIX: prefix, DATA_DIR: dataDir, LOG_LEVEL: 'silent', ...environment });
  let newestError = '';
  const error: Logger['error'] = (...said) => {
    newestError = JSON.stringify(said);
  };
  const warned: string[] = [];
  const warn: Logger['warn'] = (...said) => void warned.push(JSON.stringify(said));
  const system = await compose(config, redisUrl, { ...silent, warn, error }, options);
  const app = system.app();
  const consumptions: Consumption[] = [];
  const settings = Object.entries(environment).filter(([name]) => !UNDOCUMENTED.test(name));
  const documented = new Documented(async (path) => app.request(path), JSON.stringify([settings, options]));
  const request = async (path: string, init?: RequestInit): Promise<Response> => {
    const response = await app.request(path, init);
    await documented.check(init?.method ?? 'GET', path, response);
    return response;
  };
  const get = async (path: string): Promise<Json> => {
    const response = await request(path);
    const body: Json = await response.json();
    const why = response.status >= 500 ? `; last said by the server: ${newestError}` : '';
    if (response.status !== 200) throw new Error(`${path}: ${response.status} ${JSON.stringify(body)}${why}`);
    return body.data;
  };
  return {
    system,
    config,
    prefix,
    environment,
    warned,
    request,
    get,
    post: (events) =>
      request('/v1/events', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(events),
      }),
    importFile: (format, body, query = '') =>
      request(`/v1/imports/${format}${query}`, {
        method: 'POST',
        headers: { 'Content-Type': 'text/csv' },
        body: Buffer.from(body),
      }),
    async startCounting() {
      const consumption = await system.log.consume(system.worker());
      consumptions.push(consumption);
      return consumption;
    },
    async settled(timeoutMs = 60_000) {
      const until = Date.now() + timeoutMs;
      for (;;) {
        const { lag } = await system.monitor().check();
        if (lag === 0) return;
        if (Date.now() > until) throw new Error(`still ${lag} events behind`);
        await sleep(50);
      }
    },
    async close() {
      for (const consumption of consumptions) await consumption.stop();
      await system.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** Waits for something to become true; says what for when it does not. */
export async function eventually(
  what: string,
  check: () => Promise<boolean> | boolean,
  timeoutMs = 30_000,
): Promise<void> {
  const until = Date.now() + timeoutMs;
  while (!(await check())) {
    if (Date.now() > until) throw new Error(`waited in vain: ${what}`);
    await sleep(25);
  }
}
