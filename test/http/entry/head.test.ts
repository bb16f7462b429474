import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { questions } from '../../../src/analytics/index.ts';
import { appOf } from '../app-parts.ts';

const dir = mkdtempSync(join(tmpdir(), 'cartpulse-head-'));
afterAll(() => rmSync(dir, { recursive: true }));

test('HEAD opens no stream that stays', async () => {
  const app = appOf(questions);
  const ask = async (method: string): Promise<number> => (await app.request('/v1/live', { method })).status;
  for (let i = 0; i < 3; i++) expect(await ask('HEAD')).toBe(200);
  // There may be one.
  expect([await ask('GET'), await ask('GET')]).toEqual([200, 429]);
});

test('HEAD leaves no file of what it does not hand over', async () => {
  const path = join(dir, 'export.csv');
  const archive = {
    begins: async () => undefined,
    exists: async () => true,
    upToNow: () => Promise.resolve(),
    missing: async () => [],
    query: async () => ({ columns: [], rows: [], isCut: false }),
    select: async () => ({ columns: [], rows: [], isCut: false }),
    async writeExport() {
      writeFileSync(path, Buffer.alloc(4 * 1_048_576, 'a'));
      return path;
    },
  };
  const app = appOf([], { archive });
  const response = await app.request('/v1/export/events?format=csv', { method: 'HEAD' });
  expect([response.status, response.headers.get('Content-Type')]).toEqual([200, 'text/csv']);
  await expect.poll(() => existsSync(path)).toBe(false);
});
