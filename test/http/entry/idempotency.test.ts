import { expect, test } from 'vitest';
import type { AppParts } from '../../../src/http/app.ts';
import { appOf } from '../app-parts.ts';

test('an answer that tells a new key, or only what was asked, is kept nowhere, though its request has an Idempotency-Key', async () => {
  const claimed: string[] = [];
  const keptAnswers: AppParts['keptAnswers'] = {
    claim: async (name) => {
      claimed.push(name);
      return { outcome: 'begun' };
    },
    end: async () => undefined,
  };
  const app = appOf([], { keptAnswers });
  const post = async (path: string, body: object): Promise<number> => {
    const headers = { 'Content-Type': 'application/json', 'Idempotency-Key': 'once' };
    return (await app.request(path, { method: 'POST', headers, body: JSON.stringify(body) })).status;
  };
  expect(await post('/v1/keys', { name: 'office', scopes: ['admin'] })).toBe(201);
  expect(await post('/v1/explore/sql', { sql: 'SELECT visitor FROM events' })).toBe(200);
  expect([200, 406]).toContain(await post('/mcp', { jsonrpc: '2.0', id: 1, method: 'tools/list' }));
  expect(claimed).toEqual([]);
  expect(await post('/v1/events', { name: 'page_view', user_id: 'u1' })).toBe(202);
  expect(claimed).toHaveLength(1);
});
