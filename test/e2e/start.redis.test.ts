import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { getPriority } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { eventually } from '../support/system/system.ts';
import { FIRST_LOOK, Place, ready, SIMULATED } from './place.ts';

let place: Place;
beforeEach(async () => {
  place = await Place.find();
});
afterEach(() => place.leave());

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('plain `npm start`', () => {
  test('needs no server: live numbers within a minute, and one line that says where', async () => {
    const one = place.start([], FIRST_LOOK);
    await ready(one);
    const lines = one.output().trim().split('\n');
    expect(lines.length).toBe(1);
    expect(lines[0]).toContain(`open http://127.0.0.1:${place.port}`);
    expect(lines[0]).toMatch(/counting events.*simulating 50 events\/s.*own Redis/);
    await eventually('live numbers', async () => (await place.get('/v1/engagement')).events > 20, 60_000);
  });

  test('a signal to npm, as process managers send it, ends the process itself', async () => {
    const environment = { ...process.env, DATA_DIR: place.dataDir, PORT: String(place.port), SIMULATE: '0' };
    const npm = spawn('npm', ['start', '--silent'], { env: environment, stdio: 'pipe' });
    await eventually(
      'the page',
      () =>
        fetch(`http://127.0.0.1:${place.port}/health/ready`).then(
          ({ ok }) => ok,
          () => false,
        ),
      60_000,
    );
    npm.kill('SIGTERM');
    await once(npm, 'exit');
    await eventually('its Redis to be gone', place.redisIsGone);
    await expect(fetch(`http://127.0.0.1:${place.port}/health/live`)).rejects.toThrow();
  });

  test.each(['SIGTERM', 'SIGINT'] as const)(
    '%s ends it with 0 within 10 seconds, its Redis last; the next start counts on',
    async (signal) => {
      const one = place.start([], SIMULATED);
      await ready(one);
      await eventually('events', async () => (await place.get('/v1/engagement')).events > 20);
      const before = (await place.get('/v1/engagement')).events;
      const at = Date.now();
      expect(await one.kill(signal)).toBe(0);
      expect(one.output()).toMatch(/\ncartpulse: stopped\n$/);
      expect(Date.now() - at).toBeLessThan(10_000);
      expect(place.redisIsGone()).toBe(true);
      const two = place.start();
      await ready(two);
      await eventually('all that was accepted', async () => (await place.get('/v1/pipeline')).lag_events === 0);
      expect((await place.get('/v1/engagement')).events).toBeGreaterThanOrEqual(before);
      expect((await place.get('/v1/pipeline')).duplicates).toBe(0);
    },
  );

  test('a setting that is misspelt, and keys that let nobody read, are said in a line each', async () => {
    const one = place.start([], { WRITE_KEYS: 'w', STORE_TIMEZON: 'UTC' });
    await eventually('it listens', () => /open http/.test(one.output()));
    expect(one.output()).toContain('cartpulse: STORE_TIMEZON is no setting of cartpulse; is STORE_TIMEZONE meant?\n');
    expect(one.output()).toContain('cartpulse: WRITE_KEYS alone lets nobody read');
  });

  test('a SIGKILL ends its Redis too, and the next start loses nothing', async () => {
    const one = place.start();
    await ready(one);
    const events = Array.from({ length: 500 }, (_, i) => ({ name: 'view_item', user_id: `u${i}` }));
    const response = await fetch(`http://127.0.0.1:${place.port}/v1/events`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(events),
    });
    expect(response.status).toBe(202);
    const redis = place.redisPid;
    expect(await one.kill('SIGKILL')).toBe('SIGKILL');
    await eventually('its Redis to be gone', () => !isAlive(redis));
    const two = place.start();
    await ready(two);
    await eventually('all 500', async () => (await place.get('/v1/engagement')).events === 500);
  });

  test('a Redis that its owner could not end any more is ended by the next start, before it touches its files', async () => {
    const one = place.start();
    await ready(one);
    const redis = place.redisPid;
    // It sees the end of its owner only when it goes on.
    process.kill(redis, 'SIGSTOP');
    await one.kill('SIGKILL');
    const two = place.start();
    setTimeout(() => process.kill(redis, 'SIGCONT'), 1_000);
    await ready(two);
    expect(isAlive(redis)).toBe(false);
  });

  test('a directory whose name is too long for a socket does as well', async () => {
    const long = join(place.dataDir, 'a'.repeat(120));
    const one = place.start([], { DATA_DIR: long });
    await ready(one);
    const socket = /"url":"([^"]+)"/.exec(readFileSync(join(long, 'lock.json'), 'utf8'))?.[1] ?? '';
    expect(statSync(dirname(socket)).mode & 0o777).toBe(0o700);
    expect(await one.kill('SIGTERM')).toBe(0);
    expect(existsSync(dirname(socket))).toBe(false);
  });
});

describe('where cores are short, answers go first', () => {
  test('a process that counts and answers nobody steps back behind its Redis', async () => {
    const one = place.start(['consume']);
    await ready(one);
    expect(getPriority(place.redisPid)).toBe(getPriority());
    expect(getPriority(one.child.pid)).toBe(Math.max(getPriority(), 5));
  });
});
