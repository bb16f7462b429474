import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startRedis, type TestRedis } from '../../support/servers/redis-server.ts';
import { startS3, type TestS3 } from '../../support/servers/s3-server.ts';
import { startProcess } from '../../support/system/processes.ts';
import { type Json, startSystem, unique } from '../../support/system/system.ts';

let redis: TestRedis;
let s3: TestS3;
let dir: string;

beforeAll(async () => {
  [redis, s3] = await Promise.all([startRedis(), startS3()]);
  dir = mkdtempSync(join(tmpdir(), 'cartpulse-away-'));
});
afterAll(async () => {
  await redis.close();
  await s3.close();
  rmSync(dir, { recursive: true, force: true });
});
afterEach(() => {
  s3.proxy.passing = () => 'pass';
  s3.proxy.delayMs = 0;
});

const eventsFrom = (from: number) =>
  Array.from({ length: 300 }, (_, i) => ({
    event_id: `e${from + i}`,
    name: 'page_view',
    user_id: `u${from + i}`,
    timestamp: Date.now(),
  }));

test('while S3 is away, has too much to do or is slow, counting goes on; then all is archived, once', async () => {
  const environment = { ...s3.environment(unique()), PARTITIONS: '1', EXPLORE_TIMEOUT: '6s' };
  const shop = await startSystem(redis.url, environment, { archives: true });
  try {
    await shop.startCounting();
    await shop.system.archive?.start();
    let sent = 0;
    const counted = async (): Promise<void> => {
      expect((await shop.post(eventsFrom(sent))).status).toBe(202);
      sent += 300;
      await shop.settled();
      expect((await shop.get('/v1/engagement')).events).toBe(sent);
    };
    await counted();
    for (const passing of ['cut', 'slow-down'] as const) {
      s3.proxy.passing = () => passing;
      await counted();
      const asked = await shop.request('/v1/accuracy');
      expect([passing, asked.status]).toEqual([passing, 503]);
      expect(await asked.text()).not.toContain('127.0.0.1');
      await counted();
      s3.proxy.passing = () => 'pass';
    }
    s3.proxy.delayMs = 300;
    await counted();
    const { days } = await shop.get('/v1/accuracy');
    expect(days.at(-1).metrics).toContainEqual({ metric: 'events', stream: sent, batch: sent, error_percent: 0 });
    expect((await shop.get('/v1/pipeline')).store_full ?? null).toBe(null);
  } finally {
    await shop.close();
  }
});

describe('said in one line before counting begins', () => {
  const run = async (changed: Json, args: string[] = []) => {
    const environment = {
      ...s3.environment(unique()),
      REDIS_URL: redis.url,
      KEY_PREFIX: unique(),
      DATA_DIR: dir,
      PORT: '0',
      ...changed,
    };
    const started = startProcess('build/main.js', args, environment);
    const ended = await started.ended;
    for (const secret of [s3.secret, 'not-the-secret']) expect(started.output()).not.toContain(secret);
    return { ended, output: started.output() };
  };

  test.each([
    ['a wrong secret', () => ({ ARCHIVE_S3_SECRET_KEY: 'not-the-secret' }), /does not take ARCHIVE_S3_ACCESS_KEY with/],
    ['an unknown key', () => ({ ARCHIVE_S3_ACCESS_KEY: 'nobody' }), /does not take ARCHIVE_S3_ACCESS_KEY with/],
    ['no bucket', () => ({ ARCHIVE_DIR: 's3://no-such-bucket/x' }), /there is no bucket no-such-bucket at http/],
    ['no answer', () => ({ ARCHIVE_S3_ENDPOINT: 'http://127.0.0.1:9' }), /does not answer .*ARCHIVE_S3_ENDPOINT/],
    ['no right to write', () => s3.readerEnvironment('x'), /no right to write in the bucket shop-archive/],
  ])('%s', { timeout: 180_000 }, async (_, changed, said) => {
    const { ended, output } = await run(changed());
    expect(ended).toBe(1);
    const lines = output
      .trim()
      .split('\n')
      .filter((line) => said.test(line));
    expect([output, lines.length]).toEqual([output, 1]);
    expect(output).not.toContain('counting events');
    const doctor = await run(changed(), ['doctor']);
    expect(doctor.ended).toBe(1);
    expect(doctor.output).toMatch(new RegExp(`problem\\s+archive\\s+.*${said.source}`));
  });

  test('and nothing where all is well: doctor says so, and leaves no object', async () => {
    const { output } = await run(s3.environment('well'), ['doctor']);
    expect(output).toMatch(/ok\s+archive\s+s3:\/\/shop-archive\/well can be read and written/);
    expect(s3.names('well')).toEqual([]);
  });
});
