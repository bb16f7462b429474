import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { REDIS_RELEASE } from '../../../../src/adapters/redis/server/build-server.ts';
import { findServer, NoRedis, type Search } from '../../../../src/adapters/redis/server/find-server.ts';
import type { Machine } from '../../../../src/adapters/redis/server/machine.ts';

const SOURCE = Buffer.from('the source of a Redis');
const sha256 = createHash('sha256').update(SOURCE).digest('hex');
const TOOLS = ['tar', 'make', 'cc'];

let site: Server;
let cacheDir: string;
beforeAll(async () => {
  site = createServer((_request, response) => response.end(SOURCE)).listen(0, '127.0.0.1');
  await once(site, 'listening');
});
afterAll(() => site.close());
beforeEach(() => {
  cacheDir = mkdtempSync(join(tmpdir(), 'cartpulse-cache-'));
});
afterEach(() => rmSync(cacheDir, { recursive: true, force: true }));

interface Fake extends Search {
  readonly said: string[];
  readonly ran: string[];
  find(): Promise<string>;
}

/**
 * A machine with such commands on its path. `gives` says which of them a package brings; make builds what it should.
 */
function machineWith(
  commands: readonly string[],
  { isRoot = true, gives = {} }: { isRoot?: boolean; gives?: Record<string, string> } = {},
): Fake {
  const path = new Set(commands);
  const said: string[] = [];
  const ran: string[] = [];
  const machine: Machine = {
    isRoot,
    which: async (command) => (path.has(command) ? `/bin/${command}` : undefined),
    async run(command, args) {
      ran.push([command, ...args].join(' '));
      if (command === 'make') {
        mkdirSync(join(args[1] ?? '', 'src'));
        writeFileSync(join(args[1] ?? '', 'src/redis-server'), '');
        chmodSync(join(args[1] ?? '', 'src/redis-server'), 0o755);
      }
      const wanted = args.at(-1) ?? '';
      if (!args.includes('install') && !['add', '-S'].includes(args[0] ?? '')) return;
      const given = gives[wanted];
      if (given === undefined) throw new Error(`there is no package ${wanted}`);
      path.add(given);
    },
  };
  const say = (_details: object, message: string): void => {
    said.push(message);
  };
  const logger = { debug: say, info: say, warn: say, error: say };
  const { port } = site.address() as AddressInfo;
  const search = { machine, cacheDir, release: { version: '7.2.0', url: `http://127.0.0.1:${port}/`, sha256 } };
  return { ...search, said, ran, find: () => findServer(logger, search) };
}

describe('a server on the path', () => {
  test.each([
    [['redis-server', 'valkey-server', 'apt-get', ...TOOLS], '/bin/redis-server'],
    [['valkey-server', 'apt-get', ...TOOLS], '/bin/valkey-server'],
  ])('of %j is taken, and nothing is installed or said', async (commands, expected) => {
    const { find, ran, said } = machineWith(commands);
    expect(await find()).toBe(expected);
    expect([...ran, ...said]).toEqual([]);
  });
});

describe('else the package manager', () => {
  const none = 'no redis-server or valkey-server on the path';

  test.each([
    ['apt-get', true, { 'redis-server': 'redis-server' }, ['apt-get update -q', / apt-get install -y .*redis-server$/]],
    ['dnf', true, { valkey: 'valkey-server' }, ['dnf install -y -q valkey']],
    ['apk', true, { valkey: 'valkey-server' }, ['apk add --no-cache valkey']],
    ['pacman', true, { valkey: 'valkey-server' }, ['pacman -S --noconfirm --needed valkey']],
    ['brew', false, { redis: 'redis-server' }, ['brew install --quiet redis']],
  ])('%s installs one, and that is said before', async (manager, isRoot, gives, expected) => {
    const { find, ran, said } = machineWith([manager, ...TOOLS], { isRoot, gives });
    const [[name, server]] = Object.entries(gives) as [[string, string]];
    expect(await find()).toBe(`/bin/${server}`);
    expect(said).toEqual([`${none}: installing the package ${name} with ${manager}`]);
    expect(ran).toEqual(expected.map((line) => (typeof line === 'string' ? line : expect.stringMatching(line))));
  });

  test('tries the other name of the package where there is none of the first', async () => {
    const { find, said } = machineWith(['dnf'], { gives: { redis: 'redis-server' } });
    expect(await find()).toBe('/bin/redis-server');
    expect(said).toEqual([
      `${none}: installing the package valkey with dnf`,
      'dnf could not install valkey',
      `${none}: installing the package redis with dnf`,
    ]);
  });

  test.each([
    ['apt-get', false],
    ['brew', true],
  ])('%s is left alone where it would ask for a password, or refuse root', async (manager, isRoot) => {
    const { find, ran } = machineWith([manager], { isRoot, gives: { redis: 'redis-server' } });
    await expect(find()).rejects.toThrow(NoRedis);
    expect(ran).toEqual([]);
  });
});

describe('else the source', () => {
  test('is downloaded, compared with its checksum and built, each said before; the next start finds what was built', async () => {
    const { find, ran, said } = machineWith(TOOLS, { isRoot: false });
    expect(await find()).toBe(join(cacheDir, 'redis-server-7.2.0'));
    expect(ran.map((line) => line.split(' ')[0])).toEqual(['tar', 'make']);
    expect(said).toEqual([
      expect.stringMatching(/^downloading the source of Redis 7.2.0 from 127.0.0.1/),
      expect.stringMatching(/^the source is what its checksum says; building Redis 7.2.0 with make/),
      expect.stringMatching(/^built .*redis-server-7.2.0/),
    ]);
    expect(readdirSync(cacheDir)).toEqual(['redis-server-7.2.0']);
    const again = machineWith(['apt-get', ...TOOLS]);
    expect(await again.find()).toBe(join(cacheDir, 'redis-server-7.2.0'));
    expect([...again.ran, ...again.said]).toEqual([]);
  });

  test('that is not the expected file is neither unpacked nor built', async () => {
    const { ran, said, release, machine } = machineWith(TOOLS, { isRoot: false });
    const logger = {
      debug: () => 0,
      info: () => 0,
      error: () => 0,
      warn: (of: object) => said.push(JSON.stringify(of)),
    };
    const search = { machine, cacheDir, release: { ...release, sha256: '0'.repeat(64) } };
    await expect(findServer(logger, search)).rejects.toThrow(NoRedis);
    expect(said.join()).toContain(`has the SHA-256 ${sha256} instead of 0000`);
    expect(ran).toEqual([]);
    expect(readdirSync(cacheDir)).toEqual([]);
  });

  test('comes over TLS, in one version with one checksum', () => {
    const { version, url, sha256: pinned } = REDIS_RELEASE;
    expect(url).toMatch(new RegExp(`^https://.*/redis-${version}\\.tar\\.gz$`));
    expect(pinned).toMatch(/^[0-9a-f]{64}$/);
  });

  test('is not even downloaded where a compiler is missing', async () => {
    const { find, said } = machineWith(['tar', 'make']);
    await expect(find()).rejects.toThrow(NoRedis);
    expect(said).toEqual(['Redis 7.2.0 could not be built from its source']);
  });
});

test('where all fails, the error says what to do by hand', async () => {
  await expect(machineWith([]).find()).rejects.toThrow(/sudo apt-get install redis-server.*or set REDIS_URL/);
});
