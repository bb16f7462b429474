import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { getPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { REES46 } from '../support/compare/duckdb.ts';
import type { TestProcess } from '../support/system/processes.ts';
import { Place, ready } from './place.ts';

describe('beside one that runs', () => {
  let place: Place;
  let running: TestProcess;
  let redis: Redis;
  beforeAll(async () => {
    place = await Place.find();
    running = place.start([], { REDIS_MAXMEMORY: '200mb' });
    await ready(running);
    redis = new Redis(join(place.dataDir, 'redis', 'redis.sock'));
  });
  afterAll(() => {
    redis.disconnect();
    return place.leave();
  });

  test('only its owner reaches its Redis: through a socket in a private folder, with files that nobody else may read', async () => {
    const redisDir = join(place.dataDir, 'redis');
    expect(statSync(redisDir).mode & 0o777).toBe(0o700);
    const files = readdirSync(redisDir, { recursive: true, withFileTypes: true });
    expect(files.map(({ name }) => name)).toEqual(expect.arrayContaining(['redis.sock', 'redis.log']));
    for (const file of files) {
      const { mode } = statSync(join(file.parentPath, file.name));
      expect([file.name, mode & 0o077]).toEqual([file.name, 0]);
    }
    expect(statSync(join(place.dataDir, 'lock.json')).mode & 0o777).toBe(0o600);
    expect(await redis.config('GET', 'port')).toEqual(expect.arrayContaining(['port', '0']));
  });

  test('its Redis has as much memory as REDIS_MAXMEMORY says, and evicts nothing', async () => {
    expect(await redis.config('GET', 'maxmemory')).toContain(String(200 * 1_048_576));
    expect(await redis.config('GET', 'maxmemory-policy')).toContain('noeviction');
  });

  test('a process that answers does not step back behind its Redis, whatever else it does', () => {
    expect(getPriority(place.redisPid)).toBe(getPriority());
    expect(getPriority(running.child.pid)).toBe(getPriority());
  });

  test('a second start on the same directory says so and ends', async () => {
    const two = place.start([], { PORT: '0' });
    expect(await two.ended).toBe(1);
    expect(two.output()).toMatch(/^cartpulse: .* is in use by process \d+; stop it, or set DATA_DIR/);
  });

  test('one elsewhere whose port is taken ends with a code and one line that says why and what to do', async () => {
    const other = mkdtempSync(join(tmpdir(), 'cartpulse-start-'));
    const two = place.start([], { DATA_DIR: other });
    expect(await two.ended).toBe(1);
    expect(two.output()).toMatch(/something else listens there; set PORT/);
    rmSync(other, { recursive: true });
  });

  test('import joins the server that runs in the directory, and ends when its answers have what was imported', async () => {
    expect(await place.start(['import', 'rees46', REES46]).ended).toBe(0);
    expect((await place.get('/v1/engagement?from=2019-10-01&to=2019-10-01')).events).toBe(1_000);
  });
});
