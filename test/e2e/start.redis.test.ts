import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { getPriority, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import getPort from 'get-port';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ONLINE_RETAIL, REES46 } from '../support/compare/duckdb.ts';
import { startProcess, type TestProcess } from '../support/system/processes.ts';
import { eventually, type Json } from '../support/system/system.ts';

let dataDir: string;
let port: number;
const started: TestProcess[] = [];
beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'cartpulse-start-'));
  port = await getPort();
});
afterEach(async () => {
  await Promise.all(started.splice(0).map((one) => one.kill('SIGTERM')));
  rmSync(dataDir, { recursive: true, force: true });
});

/** Nothing is simulated unless asked for: a first look's thirty days take a core for a while. */
function start(args: readonly string[] = [], environment: Readonly<Record<string, string>> = {}): TestProcess {
  const settings = { DATA_DIR: dataDir, PORT: String(port), SIMULATE: '0', ...environment };
  const one = startProcess('build/main.js', args, settings);
  started.push(one);
  return one;
}

/** As the README's command does, without a word about what is simulated. */
const FIRST_LOOK = { SIMULATE: '' };
const SIMULATED = { SIMULATE: '50' };

const get = async (path: string): Promise<Json> => {
  const response = await fetch(`http://127.0.0.1:${port}${path}`);
  const body: Json = await response.json();
  return body.data;
};
const ready = (one: TestProcess) =>
  eventually('the line that says what runs where', () => one.output().includes('cartpulse: '));
const yesterday = (): string => new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
const redisPid = (): number => Number(/"redisPid":(\d+)/.exec(readFileSync(join(dataDir, 'lock.json'), 'utf8'))?.[1]);
const redisIsGone = (): boolean => {
  try {
    readFileSync(join(dataDir, 'lock.json'));
    return false;
  } catch {
    return true;
  }
};

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('plain `npm start`', () => {
  test('needs no server: live numbers within a minute, and one line that says where', async () => {
    const one = start([], FIRST_LOOK);
    await ready(one);
    const lines = one.output().trim().split('\n');
    expect(lines.length).toBe(1);
    expect(lines[0]).toContain(`open http://127.0.0.1:${port}`);
    expect(lines[0]).toMatch(/counting events.*simulating a shop and the 30 days before.*own Redis/);
    await eventually('live numbers', async () => (await get(`/v1/engagement?from=${yesterday()}`)).events > 20, 60_000);
  });

  test('a signal to npm, as process managers send it, ends the process itself', async () => {
    const environment = { ...process.env, DATA_DIR: dataDir, PORT: String(port), SIMULATE: '0' };
    const npm = spawn('npm', ['start', '--silent'], { env: environment, stdio: 'pipe' });
    await eventually(
      'the page',
      () =>
        fetch(`http://127.0.0.1:${port}/health/ready`).then(
          ({ ok }) => ok,
          () => false,
        ),
      60_000,
    );
    npm.kill('SIGTERM');
    await once(npm, 'exit');
    await eventually('its Redis to be gone', redisIsGone);
    await expect(fetch(`http://127.0.0.1:${port}/health/live`)).rejects.toThrow();
  });

  test.each(['SIGTERM', 'SIGINT'] as const)(
    '%s ends it with 0 within 10 seconds, its Redis last; the next start counts on',
    async (signal) => {
      const one = start([], SIMULATED);
      await ready(one);
      await eventually('events', async () => (await get('/v1/engagement')).events > 20);
      const before = (await get('/v1/engagement')).events;
      const at = Date.now();
      expect(await one.kill(signal)).toBe(0);
      expect(one.output()).toMatch(/\ncartpulse: stopped\n$/);
      expect(Date.now() - at).toBeLessThan(10_000);
      expect(redisIsGone()).toBe(true);
      const two = start();
      await ready(two);
      await eventually('all that was accepted', async () => (await get('/v1/pipeline')).lag_events === 0);
      expect((await get('/v1/engagement')).events).toBeGreaterThanOrEqual(before);
      expect((await get('/v1/pipeline')).duplicates).toBe(0);
    },
  );

  test('a setting that is misspelt, and keys that let nobody read, are said in a line each', async () => {
    const one = start([], { WRITE_KEYS: 'w', STORE_TIMEZON: 'UTC' });
    await eventually('it listens', () => /open http/.test(one.output()));
    expect(one.output()).toContain('cartpulse: STORE_TIMEZON is no setting of cartpulse; is STORE_TIMEZONE meant?\n');
    expect(one.output()).toContain('cartpulse: WRITE_KEYS alone lets nobody read');
  });

  test('a SIGKILL ends its Redis too, and the next start loses nothing', async () => {
    const one = start();
    await ready(one);
    const events = Array.from({ length: 500 }, (_, i) => ({ name: 'view_item', user_id: `u${i}` }));
    const response = await fetch(`http://127.0.0.1:${port}/v1/events`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(events),
    });
    expect(response.status).toBe(202);
    const redis = redisPid();
    expect(await one.kill('SIGKILL')).toBe('SIGKILL');
    await eventually('its Redis to be gone', () => !isAlive(redis));
    const two = start();
    await ready(two);
    await eventually('all 500', async () => (await get('/v1/engagement')).events === 500);
  });

  test('a Redis that its owner could not end any more is ended by the next start, before it touches its files', async () => {
    const one = start();
    await ready(one);
    const redis = redisPid();
    // It sees the end of its owner only when it goes on.
    process.kill(redis, 'SIGSTOP');
    await one.kill('SIGKILL');
    const two = start();
    setTimeout(() => process.kill(redis, 'SIGCONT'), 1_000);
    await ready(two);
    expect(isAlive(redis)).toBe(false);
  });

  test('only its owner reaches its Redis: through a socket in a private folder, with files that nobody else may read', async () => {
    await ready(start());
    const redisDir = join(dataDir, 'redis');
    expect(statSync(redisDir).mode & 0o777).toBe(0o700);
    const files = readdirSync(redisDir, { recursive: true, withFileTypes: true });
    expect(files.map(({ name }) => name)).toEqual(expect.arrayContaining(['redis.sock', 'redis.log']));
    for (const file of files) {
      const { mode } = statSync(join(file.parentPath, file.name));
      expect([file.name, mode & 0o077]).toEqual([file.name, 0]);
    }
    expect(statSync(join(dataDir, 'lock.json')).mode & 0o777).toBe(0o600);
    const redis = new Redis(join(redisDir, 'redis.sock'));
    expect(await redis.config('GET', 'port')).toEqual(expect.arrayContaining(['port', '0']));
    redis.disconnect();
  });

  test('a directory whose name is too long for a socket does as well', async () => {
    const long = join(dataDir, 'a'.repeat(120));
    const one = start([], { DATA_DIR: long });
    await ready(one);
    const socket = /"url":"([^"]+)"/.exec(readFileSync(join(long, 'lock.json'), 'utf8'))?.[1] ?? '';
    expect(statSync(dirname(socket)).mode & 0o777).toBe(0o700);
    expect(await one.kill('SIGTERM')).toBe(0);
    expect(existsSync(dirname(socket))).toBe(false);
  });

  test('its Redis has as much memory as REDIS_MAXMEMORY says, and evicts nothing', async () => {
    await ready(start([], { REDIS_MAXMEMORY: '200mb' }));
    const redis = new Redis(join(dataDir, 'redis', 'redis.sock'));
    expect(await redis.config('GET', 'maxmemory')).toContain(String(200 * 1_048_576));
    expect(await redis.config('GET', 'maxmemory-policy')).toContain('noeviction');
    redis.disconnect();
  });

  test('a second start on the same directory says so and ends', async () => {
    const one = start();
    await ready(one);
    const two = start([], { PORT: '0' });
    expect(await two.ended).toBe(1);
    expect(two.output()).toMatch(/^cartpulse: .* is in use by process \d+; stop it, or set DATA_DIR/);
  });
});

describe('where cores are short, answers go first', () => {
  test('a process that counts and answers nobody steps back behind its Redis', async () => {
    const one = start(['consume']);
    await ready(one);
    expect(getPriority(redisPid())).toBe(getPriority());
    expect(getPriority(one.child.pid)).toBe(Math.max(getPriority(), 5));
  });

  test('a process that answers does not, whatever else it does', async () => {
    const one = start();
    await ready(one);
    expect(getPriority(redisPid())).toBe(getPriority());
    expect(getPriority(one.child.pid)).toBe(getPriority());
  });
});

describe('what cannot work ends with a code and one line that says why and what to do', () => {
  test.each([
    ['an unknown role', ['dance'], {}, /dance is no role; there are api, consume/],
    ['a wrong setting', [], { PORT: 'many' }, /PORT .*see \.env\.example/],
    ['listening everywhere without keys', [], { HOST: '0.0.0.0' }, /no API keys are set.*set ADMIN_KEYS/],
    [
      'an unknown option',
      ['rebuild', '--froce'],
      {},
      /unknown option '--froce'.*use: npm start -- rebuild \[--from archive\] \[--force\]/,
    ],
    ['an import without a file', ['import', 'rees46', '/nowhere.csv'], {}, /there is no file/],
    [
      'an import of no format',
      ['import', 'excel', 'x'],
      {},
      /FORMAT is online-retail, rees46, retailrocket or shopify-orders/,
    ],
    [
      'a Redis that is not there',
      ['api'],
      { REDIS_URL: 'redis://127.0.0.1:1' },
      /Redis does not answer at .*set REDIS_URL/,
    ],
    [
      'a Kafka that is not there',
      ['consume'],
      { KAFKA_BROKERS: '127.0.0.1:1' },
      /Kafka does not answer at .*set KAFKA_BROKERS/,
    ],
    [
      'a data directory that is a file',
      [],
      { DATA_DIR: 'package.json' },
      /nothing can be kept in .*package\.json.*set DATA_DIR/,
    ],
    ['a data directory in /proc', [], { DATA_DIR: '/proc/x' }, /nothing can be kept in \/proc\/x .*set DATA_DIR/],
    ['/proc itself as data directory', [], { DATA_DIR: '/proc' }, /nothing can be kept in \/proc .*set DATA_DIR/],
    ['a reset without a terminal', ['reset'], {}, /--yes/],
  ])('%s', async (_, args, environment, message) => {
    const one = start(args, environment);
    expect(await one.ended).toBe(1);
    const lines = one
      .output()
      .trim()
      .split('\n')
      .filter((line) => !line.startsWith('{'));
    expect(lines.length).toBe(1);
    expect(lines[0]).toMatch(message);
    expect(redisIsGone()).toBe(true);
  });

  test('an own Redis that dies', async () => {
    const one = start([], { LOG_LEVEL: 'silent' });
    await ready(one);
    process.kill(redisPid(), 'SIGKILL');
    expect(await one.ended).toBe(1);
    const [, ...said] = one.output().trim().split('\n');
    expect(said).toEqual([expect.stringMatching(/^cartpulse: the embedded Redis ended unasked\. .*start again/)]);
  });

  test('a port that is taken', async () => {
    await ready(start());
    const other = mkdtempSync(join(tmpdir(), 'cartpulse-start-'));
    const two = start([], { DATA_DIR: other });
    expect(await two.ended).toBe(1);
    expect(two.output()).toMatch(/something else listens there; set PORT/);
    rmSync(other, { recursive: true });
  });

  test('other values than the installation was begun with; a new funnel may be added', async () => {
    await ready(start());
    await started.splice(0)[0]?.kill('SIGTERM');
    const two = start([], { STORE_TIMEZONE: 'Europe/Berlin', CART_TIMEOUT: '30m' });
    expect(await two.ended).toBe(1);
    expect(two.output()).toMatch(
      /STORE_TIMEZONE was UTC, now Europe\/Berlin; CART_TIMEOUT was 3600000, now 1800000.*reset/,
    );
    const three = start([], { ...SIMULATED, FUNNELS: '{"gift":["visit","wheel_spun"]}' });
    await ready(three);
    await eventually('the new funnel', async () => (await get('/v1/funnel?funnel=gift')).stages[0].count > 0);
  });
});

describe('commands', () => {
  test.each(['--help', 'import --help', 'rebuild --help', 'reset --help', '--version'])(
    '%s answers whatever the settings are, and starts nothing',
    async (line) => {
      const one = start(line.split(' '), { REDIS_URL: 'redis://127.0.0.1:1', PORT: 'many' });
      expect(await one.ended).toBe(0);
      expect(one.output()).toMatch(line === '--version' ? /^\d+\.\d+\.\d+\n$/ : /^Usage: npm start -- /);
      expect(readdirSync(dataDir)).toEqual([]);
    },
  );

  test('import brings a file in with its progress, and it is counted when the command ends', async () => {
    const lines = gunzipSync(readFileSync(ONLINE_RETAIL)).toString().split('\n').slice(0, 5_001);
    const file = join(dataDir, 'first-lines.csv.gz');
    writeFileSync(file, gzipSync(lines.join('\n')));
    const one = start(['import', 'online-retail', file]);
    expect(await one.ended).toBe(0);
    expect(one.output()).toMatch(/^ {2}5000 of 5000 rows$/m);
    expect(one.output()).not.toContain('█');
    expect(one.output()).toMatch(/imp-[0-9a-f]{16}: 5000 rows, \d+ events, \d+ rejected/);
    const again = start(['import', 'online-retail', file]);
    expect(await again.ended).toBe(1);
    expect(again.output()).toContain('was imported before');
    await ready(start());
    expect((await get('/v1/revenue?from=2010-12-01&to=2010-12-31&currency=GBP')).orders).toBeGreaterThan(100);
  });

  test('import joins the server that runs in the directory', async () => {
    await ready(start());
    const one = start(['import', 'rees46', REES46]);
    expect(await one.ended).toBe(0);
    await eventually(
      'its events',
      async () => (await get('/v1/engagement?from=2019-10-01&to=2019-10-01')).events === 1_000,
    );
  });

  test('reset empties what the installation holds', async () => {
    expect(await start(['import', 'rees46', REES46]).ended).toBe(0);
    expect(await start(['reset', '--yes']).ended).toBe(0);
    await ready(start());
    expect((await get('/v1/engagement?from=2019-10-01&to=2019-10-01')).events).toBe(0);
  });
});
