import { appendFileSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { freePort } from '../../../docker/free-port.ts';
import { startProcess, type TestProcess } from '../../support/system/processes.ts';
import { eventually, type Json } from '../../support/system/system.ts';

let root: string;
let port: number;
const started: TestProcess[] = [];
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'cartpulse-backup-'));
  port = await freePort();
});
afterEach(async () => {
  await Promise.all(started.splice(0).map((one) => one.kill('SIGTERM')));
  rmSync(root, { recursive: true, force: true });
});

const at = (name: string): string => join(root, name);

function start(args: readonly string[], dataDir: string, more: Readonly<Record<string, string>> = {}): TestProcess {
  const one = startProcess('build/main.js', args, {
    DATA_DIR: at(dataDir),
    PORT: String(port),
    SIMULATE: '0',
    ...more,
  });
  started.push(one);
  return one;
}

async function command(args: readonly string[], dataDir: string, more: Readonly<Record<string, string>> = {}) {
  const one = start(args, dataDir, more);
  return { code: await one.ended, said: one.output() };
}

async function send(from: number, count: number): Promise<void> {
  const events = Array.from({ length: count }, (_, i) => ({
    event_id: `e${from + i}`,
    name: 'view_item',
    user_id: `u${(from + i) % 50}`,
  }));
  const headers = { 'Content-Type': 'application/json' };
  const response = await fetch(`http://127.0.0.1:${port}/v1/events`, {
    method: 'POST',
    headers,
    body: JSON.stringify(events),
  });
  if (response.status !== 202) throw new Error(await response.text());
}

const counted = async (): Promise<number> => {
  const body: Json = await (await fetch(`http://127.0.0.1:${port}/v1/engagement`)).json();
  return body.data.events;
};

const isUp = (one: TestProcess) => eventually('it to start', () => one.output().includes('open http'));

test('a backup of a shop at work brings back all that was accepted before it began, and what is sent again counts once', async () => {
  const shop = start([], 'shop');
  await isUp(shop);
  await send(0, 500);
  await eventually('500 events', async () => (await counted()) === 500);
  let sent = 500;
  let going = true;
  const load = (async () => {
    for (; going; sent += 100) await send(sent, 100);
  })();
  const made = await command(['backup', at('monday')], 'shop');
  going = false;
  await load;
  expect([made.code, made.said]).toEqual([0, expect.stringMatching(/holds a backup of \d+\.\d MB/)]);
  for (const name of readdirSync(at('monday'), { recursive: true }))
    expect([name, statSync(join(at('monday'), String(name))).mode & 0o077]).toEqual([name, 0]);
  await shop.kill('SIGTERM');

  const restored = await command(['restore', at('monday')], 'other');
  expect([restored.code, restored.said]).toEqual([0, expect.stringMatching(/holds the \d+ keys of 20\d\d-/)]);
  await isUp(start([], 'other'));
  await eventually('what was accepted before', async () => (await counted()) >= 500);
  for (let from = 0; from < sent; from += 500) await send(from, Math.min(500, sent - from));
  await eventually('each event once', async () => (await counted()) === sent);
  const { data }: Json = await (await fetch(`http://127.0.0.1:${port}/v1/pipeline`)).json();
  expect(data.duplicates).toBeGreaterThanOrEqual(500);
});

test('a backup that is damaged or not whole is refused, and leaves nothing behind', async () => {
  expect((await command(['backup', at('whole')], 'shop')).code).toBe(0);
  const [file = ''] = readdirSync(at('whole'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'backup.json')
    .map((entry) => join(entry.parentPath, entry.name));
  appendFileSync(file, 'x');
  const damaged = await command(['restore', at('whole')], 'other');
  expect([damaged.code, damaged.said]).toEqual([
    1,
    expect.stringMatching(/is missing or damaged; take another backup/),
  ]);
  expect(existsSync(join(at('other'), 'redis'))).toBe(false);
  rmSync(join(at('whole'), 'backup.json'));
  expect((await command(['restore', at('whole')], 'other')).said).toMatch(/is no whole backup: it has no backup\.json/);
});

test('nothing is written over: neither a folder that holds something, nor data that is there, nor a directory in use', async () => {
  expect((await command(['backup', at('first')], 'shop')).code).toBe(0);
  expect((await command(['backup', at('first')], 'shop')).said).toMatch(/is not empty; name a folder/);
  expect((await command(['restore', at('first')], 'shop')).said).toMatch(/holds data already; move it away/);
  await isUp(start([], 'shop'));
  expect((await command(['restore', at('first')], 'shop')).said).toMatch(/is in use by process/);
});

test('a folder that cannot be made is refused at once', async () => {
  const refused = await command(['backup', '/proc/here/nothing/is/made'], 'shop');
  expect([refused.code, refused.said]).toEqual([1, expect.stringMatching(/can't be made \(ENOENT\); name a folder/)]);
});

test('a Redis of REDIS_URL is somebody else’s to back up', async () => {
  for (const name of ['backup', 'restore'])
    expect((await command([name, at('x')], 'shop', { REDIS_URL: 'redis://127.0.0.1:1' })).said).toMatch(
      /is for the embedded Redis; that of REDIS_URL is backed up as its manual says/,
    );
});
