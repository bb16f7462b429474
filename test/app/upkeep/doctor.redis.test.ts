import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startRedis, type TestRedis } from '../../support/servers/redis-server.ts';
import { startProcess } from '../../support/system/processes.ts';
import { unique } from '../../support/system/system.ts';

let dataDir: string;
let redis: TestRedis;
beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'cartpulse-doctor-'));
  redis = await startRedis();
});
afterEach(async () => {
  await redis.close();
  rmSync(dataDir, { recursive: true, force: true });
});

async function doctor(environment: Readonly<Record<string, string>>): Promise<{ code: unknown; lines: string[] }> {
  const one = startProcess('build/main.js', ['doctor'], { DATA_DIR: dataDir, KEY_PREFIX: unique(), ...environment });
  const code = await one.ended;
  return { code, lines: one.output().trimEnd().split('\n') };
}

test('without any setting all is well: it starts an own Redis for as long as it looks', async () => {
  const { code, lines } = await doctor({});
  expect([code, lines]).toEqual([0, expect.arrayContaining(['cartpulse: 0 problems, 0 warnings'])]);
  for (const what of ['node', 'settings', 'keys', 'redis', 'clocks', 'installation', 'disk', 'log'])
    expect(lines.join('\n')).toMatch(new RegExp(`^  ok +${what} `, 'm'));
  expect(readdirSync(dataDir)).not.toContain('lock.json');
});

test('each thing that is wrong is told at once, with what to do, and it ends with 1', async () => {
  await redis.client.config('SET', 'maxmemory-policy', 'allkeys-lru');
  const { code, lines } = await doctor({
    REDIS_URL: redis.url,
    HOST: '0.0.0.0',
    KAFKA_BROKERS: '127.0.0.1:1',
    STORE_TIMEZON: 'UTC',
  });
  const said = lines.join('\n');
  expect(code).toBe(1);
  expect(said).toMatch(/^ {2}problem +keys +none, and HOST=0\.0\.0\.0 .*set ADMIN_KEYS/m);
  expect(said).toMatch(/^ {2}problem +redis +.*CONFIG SET maxmemory-policy noeviction/m);
  expect(said).toMatch(/^ {2}problem +kafka +Kafka does not answer at 127\.0\.0\.1:1 .*set KAFKA_BROKERS/m);
  expect(said).toMatch(/^ {2}warning +settings +STORE_TIMEZON is no setting/m);
  expect(lines.at(-1)).toMatch(/^cartpulse: 3 problems, \d warnings?$/);
});

test('settings that cannot be read, and a Redis that is not there, are told like everywhere', async () => {
  expect((await doctor({ PORT: 'many' })).lines.join('\n')).toMatch(/problem +settings +PORT must be a whole number/);
  const away = await doctor({ REDIS_URL: 'redis://:secret@127.0.0.1:1' });
  expect(away.lines.join('\n')).toMatch(/problem +redis +Redis does not answer at .*set REDIS_URL/);
  expect(away.lines.join('\n')).not.toContain('secret');
  expect(away.code).toBe(1);
});

test('an archive’s folder that could not be made is told, with what to set', async () => {
  const file = join(dataDir, 'a-file');
  writeFileSync(file, '');
  const { code, lines } = await doctor({ ARCHIVE_DIR: join(file, 'archive') });
  const said = /problem +archive +.*a-file, in which it would be made, is no folder\. ARCHIVE_DIR names another/;
  expect([code, lines.join('\n')]).toEqual([1, expect.stringMatching(said)]);
});
