import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { fixedKeys } from '../../../src/adapters/s3/keys.ts';
import { S3Store } from '../../../src/adapters/s3/s3-store.ts';
import { QueryRefused } from '../../../src/archive/query-problems.ts';
import { FileChanged, type StoredFile } from '../../../src/archive/store.ts';
import { BUCKET, startS3, type TestS3 } from '../../support/servers/s3-server.ts';
import { unique } from '../../support/system/system.ts';

const MB = 1_048_576;

let s3: TestS3;
let dir: string;
let prefix: string;

beforeAll(async () => {
  s3 = await startS3();
});
afterAll(() => s3.close());
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'cartpulse-cache-'));
  prefix = unique();
});
afterEach(() => {
  s3.proxy.passing = () => 'pass';
  s3.proxy.delayMs = 0;
  rmSync(dir, { recursive: true, force: true });
});

function storeOf({ cacheBytes = 64 * MB, cache = 'cache', attempts = 5, page = 1_000 } = {}): S3Store {
  const environment = s3.environment(prefix);
  return new S3Store({
    settings: {
      bucket: BUCKET,
      endpoint: environment['ARCHIVE_S3_ENDPOINT'] ?? '',
      region: 'us-east-1',
      keys: fixedKeys({ accessKey: environment['ARCHIVE_S3_ACCESS_KEY'] ?? '', secretKey: s3.secret }),
      pathStyle: true,
      attempts,
      page,
      timeoutMs: 2_000,
    },
    prefix: `${prefix}/`,
    cacheDir: join(dir, cache),
    cacheBytes,
  });
}

async function put(store: S3Store, path: string, text: string, over?: string): Promise<void> {
  const made = await store.working('made');
  writeFileSync(made, text);
  await store.put(made, path, over);
}

const pathOf = (date: string, from = 0): string => `date=${date}/partition=events-0/log-${from}-${from + 1}.parquet`;
const bytesOf = (text: string): number => Buffer.byteLength(text);

async function textsOf(store: S3Store, files: readonly StoredFile[]): Promise<string[]> {
  return store.read(files, (at) => Promise.all(files.map((file) => readFile(at(file), 'utf8'))));
}

test('what was put is listed by its dates, apart from records that are no events, and read as it was', async () => {
  const store = storeOf();
  for (const date of ['2026-11-19', '2026-11-20', '2026-11-21']) await put(store, pathOf(date), date);
  await put(store, `.control/${pathOf('2026-11-20')}`, 'control');
  const dates = async (folder: string, within: object) => (await store.list(folder, within)).map(({ path }) => path);
  expect(await dates('', {})).toEqual(['2026-11-19', '2026-11-20', '2026-11-21'].map((date) => pathOf(date)));
  expect(await dates('', { from: '2026-11-20', to: '2026-11-20' })).toEqual([pathOf('2026-11-20')]);
  expect(await dates('.control', {})).toEqual([`.control/${pathOf('2026-11-20')}`]);
  const elsewhere = storeOf({ cache: 'elsewhere' });
  expect(await textsOf(elsewhere, await elsewhere.list('', {}))).toEqual(['2026-11-19', '2026-11-20', '2026-11-21']);
});

test('a list that comes in pages is whole, also where it begins later', async () => {
  const store = storeOf({ page: 7 });
  const paths = Array.from({ length: 60 }, (_, i) => pathOf('2026-11-20', i));
  await Promise.all(paths.map((path) => putAs(store, path)));
  expect((await store.list('', {})).map(({ path }) => path).sort()).toEqual(paths.sort());
  expect(await store.list('', { from: '2026-11-21' })).toEqual([]);
  expect(await store.list('', { from: '2026-11-20', to: '2026-11-20' })).toHaveLength(paths.length);
  await store.remove(paths);
  expect(await store.list('', {})).toEqual([]);
});

async function putAs(store: S3Store, path: string): Promise<void> {
  const made = await store.working(path.replaceAll('/', '-'));
  writeFileSync(made, path);
  await store.put(made, path);
}

describe('a PUT', () => {
  const path = pathOf('2026-11-20');

  test('leaves what lies there already, which holds the same', async () => {
    const store = storeOf();
    await put(store, path, 'first');
    await put(store, path, 'second');
    expect(await textsOf(store, await store.list('', {}))).toEqual(['first']);
  });

  test('over a version replaces that one and no other', async () => {
    const store = storeOf();
    await put(store, path, 'first');
    const [first] = await store.list('', {});
    await put(store, path, 'second', first?.version);
    await expect(put(store, path, 'third', first?.version)).rejects.toThrow(FileChanged);
    expect(await textsOf(store, await store.list('', {}))).toEqual(['second']);
  });

  test.each(['nothing', 'a version'])('over %s whose answer is lost has been done, and is done once', async (over) => {
    const store = storeOf();
    if (over === 'a version') await put(store, path, 'old');
    const [old] = await store.list('', {});
    let lost = 0;
    s3.proxy.passing = (method) => (method === 'PUT' && lost++ === 0 ? 'answer-lost' : 'pass');
    await put(store, path, 'new', old?.version);
    expect(lost).toBe(2);
    const files = await store.list('', {});
    expect(files).toHaveLength(1);
    expect(await textsOf(store, files)).toEqual(['new']);
  });

  test('goes without conditions where the server knows none', async () => {
    const store = storeOf();
    s3.proxy.passing = (_method, _path, { headers }) =>
      headers['if-none-match'] === undefined ? 'pass' : 'no-conditions';
    await put(store, path, 'first');
    await put(store, path, 'same again');
    expect(await store.list('', {})).toHaveLength(1);
  });

  test('is tried again where the server has too much to do, and given up where it always has', async () => {
    const store = storeOf({ attempts: 3 });
    let busy = 2;
    s3.proxy.passing = () => (busy-- > 0 ? 'slow-down' : 'pass');
    await put(store, path, 'first');
    s3.proxy.passing = () => 'slow-down';
    await expect(put(store, pathOf('2026-11-21'), 'second')).rejects.toThrow('SlowDown');
  });

  test('that gets no answer ends in time, and at once where nobody waits any more', async () => {
    const store = storeOf({ attempts: 2 });
    s3.proxy.delayMs = 4_000;
    const began = Date.now();
    await expect(put(store, path, 'first')).rejects.toThrow('no answer in time');
    expect(Date.now() - began).toBeLessThan(8_000);
    const given = put(store, path, 'first');
    setTimeout(() => store.giveUp(), 100);
    const waited = Date.now();
    await expect(given).rejects.toThrow();
    expect(Date.now() - waited).toBeLessThan(1_500);
  });
});

describe('what is read', () => {
  const text = 'x'.repeat(MB / 2);
  const cachedBytes = (): number =>
    readdirSync(join(dir, 'cache'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);

  async function filled(days: number): Promise<StoredFile[]> {
    const writing = storeOf({ cache: 'writing' });
    for (let day = 1; day <= days; day++) await put(writing, pathOf(`2026-11-${String(day).padStart(2, '0')}`), text);
    return writing.list('', {});
  }

  test('never takes more room than ARCHIVE_CACHE_BYTES, whoever asks at once, and comes once', async () => {
    const files = await filled(10);
    const store = storeOf({ cacheBytes: 2 * MB });
    s3.proxy.seen.length = 0;
    let most = 0;
    const asked = files.map((_, i) => {
      const some = [0, 1, 2].map((n) => files[(i + n) % files.length]).filter((file) => file !== undefined);
      return store.read(some, async (at) => {
        for (const file of some) expect(statSync(at(file)).size).toBe(bytesOf(text));
        most = Math.max(most, cachedBytes());
      });
    });
    await Promise.all(asked);
    expect(most).toBeGreaterThan(MB);
    expect(most).toBeLessThanOrEqual(2 * MB);
    expect(cachedBytes()).toBeLessThanOrEqual(2 * MB);
    s3.proxy.seen.length = 0;
    await textsOf(store, files.slice(0, 3));
    await textsOf(store, files.slice(0, 3));
    expect(s3.proxy.seen.filter((one) => one.startsWith('GET')).length).toBeLessThanOrEqual(3);
  });

  test('is refused where it is more than ARCHIVE_CACHE_BYTES, by name', async () => {
    const files = await filled(5);
    const store = storeOf({ cacheBytes: 2 * MB });
    const asked = store.read(files, async () => undefined);
    await expect(asked).rejects.toThrow(QueryRefused);
    await expect(asked).rejects.toThrow('ARCHIVE_CACHE_BYTES');
  });

  test('is of the version that was listed, and what is older goes from the disk at the next list', async () => {
    const [file] = await filled(1);
    if (file === undefined) throw new Error('nothing is listed');
    const store = storeOf();
    await textsOf(store, [file]);
    await put(storeOf({ cache: 'writing' }), file.path, 'erased', file.version);
    const fresh = storeOf({ cache: 'fresh' });
    await expect(textsOf(fresh, [file])).rejects.toThrow(FileChanged);
    const listed = await store.list('', {});
    expect(cachedBytes()).toBe(0);
    expect(await textsOf(store, listed)).toEqual(['erased']);
  });

  test('goes from the disk with what is removed from the bucket, and with nothing else', async () => {
    const [one, other] = await filled(2);
    if (one === undefined || other === undefined) throw new Error('nothing is listed');
    const store = storeOf();
    await textsOf(store, [one, other]);
    await store.remove([one.path]);
    expect(cachedBytes()).toBe(other.bytes);
    expect(await textsOf(store, await store.list('', {}))).toEqual([text]);
  });

  test('is not waited for by who has left, and comes all the same', async () => {
    const [file] = await filled(1);
    if (file === undefined) throw new Error('nothing is listed');
    const store = storeOf();
    s3.proxy.delayMs = 800;
    await expect(store.read([file], async () => undefined, AbortSignal.timeout(100))).rejects.toThrow(
      'not here in time',
    );
    s3.proxy.delayMs = 0;
    expect(await textsOf(store, [file])).toEqual([text]);
  });
});
