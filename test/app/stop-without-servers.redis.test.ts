import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../../docker/free-port.ts';
import { startRedis, type TestRedis } from '../support/servers/redis-server.ts';
import { startProcess } from '../support/system/processes.ts';
import { eventually, unique } from '../support/system/system.ts';

let redis: TestRedis;
const dataDir = mkdtempSync(join(tmpdir(), 'cartpulse-stop-'));
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(async () => {
  await redis.close();
  rmSync(dataDir, { recursive: true, force: true });
});

test.each(['api', 'consume', 'rollup'])(
  '%s that is asked to end while Redis hangs ends with 0 within 15 seconds, and says that it did not wait',
  { timeout: 60_000 },
  async (role) => {
    const settings = { REDIS_URL: redis.url, KEY_PREFIX: unique(), DATA_DIR: dataDir, PORT: String(await freePort()) };
    const one = startProcess('build/main.js', [role], { ...settings, LOG_LEVEL: 'silent' });
    await eventually('it to start', () => one.output().includes('cartpulse: '));
    const pid = Number(/process_id:(\d+)/.exec(await redis.client.info('server'))?.[1]);
    process.kill(pid, 'SIGSTOP');
    try {
      const began = Date.now();
      const code = await one.kill('SIGTERM');
      expect([code, one.output().trim().split('\n').at(-1)]).toEqual([
        0,
        expect.stringMatching(
          /^cartpulse: (stopped|stopped without waiting for redis and log; what was not finished is taken up at the next start)$/,
        ),
      ]);
      expect(Date.now() - began).toBeLessThan(15_000);
    } finally {
      process.kill(pid, 'SIGCONT');
    }
  },
);
