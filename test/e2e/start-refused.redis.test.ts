import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ONLINE_RETAIL, REES46 } from '../support/compare/duckdb.ts';
import { eventually } from '../support/system/system.ts';
import { Place, ready, SIMULATED } from './place.ts';

let place: Place;
beforeEach(async () => {
  place = await Place.find();
});
afterEach(() => place.leave());

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
    const one = place.start(args, environment);
    expect(await one.ended).toBe(1);
    const lines = one
      .output()
      .trim()
      .split('\n')
      .filter((line) => !line.startsWith('{'));
    expect(lines.length).toBe(1);
    expect(lines[0]).toMatch(message);
    expect(place.redisIsGone()).toBe(true);
  });

  test('an own Redis that dies', async () => {
    const one = place.start([], { LOG_LEVEL: 'silent' });
    await ready(one);
    process.kill(place.redisPid, 'SIGKILL');
    expect(await one.ended).toBe(1);
    const [, ...said] = one.output().trim().split('\n');
    expect(said).toEqual([expect.stringMatching(/^cartpulse: the embedded Redis ended unasked\. .*start again/)]);
  });

  test('other values than the installation was begun with; a new funnel may be added', async () => {
    const one = place.start();
    await ready(one);
    await one.kill('SIGTERM');
    const two = place.start([], { STORE_TIMEZONE: 'Europe/Berlin', CART_TIMEOUT: '30m' });
    expect(await two.ended).toBe(1);
    expect(two.output()).toMatch(
      /STORE_TIMEZONE was UTC, now Europe\/Berlin; CART_TIMEOUT was 3600000, now 1800000.*reset/,
    );
    const three = place.start([], { ...SIMULATED, FUNNELS: '{"gift":["visit","wheel_spun"]}' });
    await ready(three);
    await eventually('the new funnel', async () => (await place.get('/v1/funnel?funnel=gift')).stages[0].count > 0);
  });
});

describe('commands', () => {
  test.each(['--help', 'import --help', 'rebuild --help', 'reset --help', '--version'])(
    '%s answers whatever the settings are, and starts nothing',
    async (line) => {
      const one = place.start(line.split(' '), { REDIS_URL: 'redis://127.0.0.1:1', PORT: 'many' });
      expect(await one.ended).toBe(0);
      expect(one.output()).toMatch(line === '--version' ? /^\d+\.\d+\.\d+\n$/ : /^Usage: npm start -- /);
      expect(readdirSync(place.dataDir)).toEqual([]);
    },
  );

  test('import brings a file in with its progress, and it is counted when the command ends', async () => {
    const lines = gunzipSync(readFileSync(ONLINE_RETAIL)).toString().split('\n').slice(0, 5_001);
    const file = join(place.dataDir, 'first-lines.csv.gz');
    writeFileSync(file, gzipSync(lines.join('\n')));
    const one = place.start(['import', 'online-retail', file]);
    expect(await one.ended).toBe(0);
    expect(one.output()).toMatch(/^ {2}5000 of 5000 rows$/m);
    expect(one.output()).not.toContain('█');
    expect(one.output()).toMatch(/imp-[0-9a-f]{16}: 5000 rows, \d+ events, \d+ rejected/);
    const again = place.start(['import', 'online-retail', file]);
    expect(await again.ended).toBe(1);
    expect(again.output()).toContain('was imported before');
    await ready(place.start());
    expect((await place.get('/v1/revenue?from=2010-12-01&to=2010-12-31&currency=GBP')).orders).toBeGreaterThan(100);
  });

  test('reset empties what the installation holds', async () => {
    expect(await place.start(['import', 'rees46', REES46]).ended).toBe(0);
    expect(await place.start(['reset', '--yes']).ended).toBe(0);
    await ready(place.start());
    expect((await place.get('/v1/engagement?from=2019-10-01&to=2019-10-01')).events).toBe(0);
  });
});
