import { expect, test } from 'vitest';
import { z } from 'zod';
import type { ImportEntry } from '../../../src/imports/import-journal.ts';
import type { ImportOutcome } from '../../../src/imports/importer.ts';
import { BrokenFile, FileTooLarge } from '../../../src/imports/problems.ts';
import { NoRoom } from '../../../src/imports/spool.ts';
import { appOf } from '../app-parts.ts';

const done: ImportOutcome = {
  outcome: 'imported',
  report: { import_id: 'imp-1', rows: 0, events: 0, rejected: 0, errors: [] },
};
const send = (app: ReturnType<typeof appOf>) =>
  app.request('/v1/imports/rees46', { method: 'POST', headers: { 'Content-Type': 'text/csv' }, body: 'a' });

test('two files are brought in at once; a third is told when to come again', async () => {
  const finish: (() => void)[] = [];
  const app = appOf([], {
    importer: { importFile: () => new Promise((resolve) => finish.push(() => resolve(done))) },
  });
  const first = [send(app), send(app)];
  const third = await send(app);
  expect(third.status).toBe(429);
  expect(Number(third.headers.get('Retry-After'))).toBeGreaterThan(0);
  expect(await third.json()).toMatchObject({ detail: expect.stringContaining('2 files are being imported') });
  await expect.poll(() => finish.length).toBe(2);
  for (const end of finish) end();
  expect((await Promise.all(first)).map(({ status }) => status)).toEqual([200, 200]);
  const later = send(app);
  await expect.poll(() => finish.length).toBe(3);
  finish[2]?.();
  expect((await later).status).toBe(200);
});

test.each([
  [400, new BrokenFile('a quote opens in this row that never closes', 7), 'line 7'],
  [413, new FileTooLarge('the file has more than 10 bytes'), undefined],
  [503, new NoRoom('the disk has no room for the file'), undefined],
])('%i where nothing of a file was counted, and it says so', async (status, error, path) => {
  const response = await send(appOf([], { importer: { importFile: () => Promise.reject(error) } }));
  expect(response.status).toBe(status);
  expect(response.headers.has('Retry-After')).toBe(status === 503);
  const body = z
    .object({ detail: z.string(), errors: z.array(z.object({ path: z.string() })).optional() })
    .parse(await response.json());
  expect(body.detail).toBe(`Nothing was counted: ${error.message}`);
  expect(body.errors?.[0]?.path).toBe(path);
});

test('nothing is written where the store is full already', async () => {
  const spool = { write: () => Promise.reject(new Error('written')), remove: async () => undefined };
  const response = await send(appOf([], { spool, headroom: { full: () => 'Redis uses 95 % of its maxmemory' } }));
  expect([response.status, response.headers.get('Retry-After')]).toEqual([503, '2']);
});

test('imports are listed, and shown one by one', async () => {
  const entry: ImportEntry = {
    import_id: 'imp-1',
    format: 'rees46',
    state: 'running',
    started_at: '2026-11-20T12:00:00.000Z',
    progress: { rows: 10, of: 100 },
  };
  const app = appOf([], {
    imports: { list: async () => [entry], find: async (id) => (id === 'imp-1' ? entry : undefined) },
  });
  const shown = { ...entry, started_at: '2026-11-20T12:00:00+00:00' };
  const meta = { from: '2026-11-20', to: '2026-11-20', generated_at: '2026-11-20T12:00:12+00:00' };
  expect(await (await app.request('/v1/imports')).json()).toMatchObject({ data: [shown], meta });
  expect(await (await app.request('/v1/imports/imp-1')).json()).toMatchObject({ data: shown, meta });
  expect((await app.request('/v1/imports/imp-2')).status).toBe(404);
  expect((await app.request('/v1/imports?limit=0')).status).toBe(400);
});

test('imports are listed page by page', async () => {
  const all = Array.from(
    { length: 5 },
    (_, i): ImportEntry => ({
      import_id: `imp-${i}`,
      format: 'rees46',
      state: 'done',
      started_at: '2026-11-20T12:00:00.000Z',
      finished_at: '2026-11-20T12:00:01.000Z',
      progress: { rows: 1, of: 1 },
    }),
  );
  const app = appOf([], { imports: { list: async (limit) => all.slice(0, limit), find: async () => undefined } });
  const page = async (query: string) =>
    z
      .object({
        data: z.array(z.object({ import_id: z.string() })),
        meta: z.object({ next_cursor: z.string().optional() }),
      })
      .parse(await (await app.request(`/v1/imports?limit=3${query}`)).json());
  const first = await page('');
  const second = await page(`&cursor=${first.meta.next_cursor}`);
  expect([...first.data, ...second.data].map((one) => one.import_id)).toEqual(all.map((one) => one.import_id));
  expect(second.meta.next_cursor).toBeUndefined();
});
