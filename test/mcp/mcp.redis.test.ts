import { resolve } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { startRedis, type TestRedis } from '../support/servers/redis-server.ts';
import { problem, send } from '../support/system/http.ts';
import { type Listening, listeningSystem } from '../support/system/listening.ts';
import { startProcess } from '../support/system/processes.ts';
import { type Json, startSystem, type TestSystem } from '../support/system/system.ts';

const MAIN = resolve(import.meta.dirname, '../../build/main.js');

let redis: TestRedis;
let system: TestSystem;
let listening: Listening;
let url = '';
beforeAll(async () => {
  redis = await startRedis();
  listening = await listeningSystem(redis.url, { READ_KEYS: 'rk' });
  ({ system, url } = listening);
  const order = { name: 'purchase', user_id: 'u1', transaction_id: 'o1', items: [{ item_id: 'sku/1', price: 9.5 }] };
  const authorized = { 'Content-Type': 'application/json', Authorization: 'Bearer wk' };
  expect((await system.request('/v1/events', send(JSON.stringify(order), authorized))).status).toBe(202);
  await system.settled();
}, 120_000);
afterAll(async () => {
  await listening.stop();
  await redis.close();
});

const overHttp = (key: string): Transport =>
  new StreamableHTTPClientTransport(new URL(`${url}/mcp`), {
    requestInit: { headers: { Authorization: `Bearer ${key}` } },
  });
const overStdio = (key: string): Transport =>
  new StdioClientTransport({
    command: process.execPath,
    args: [MAIN, 'mcp', '--url', url],
    env: { PATH: process.env['PATH'] ?? '', MCP_KEY: key, LOG_LEVEL: 'silent' },
    stderr: 'ignore',
  });

async function withClient<T>(transport: Transport, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ name: 'test', version: '1' });
  await client.connect(transport);
  try {
    return await work(client);
  } finally {
    await client.close();
  }
}

const resultSchema = z.object({
  content: z.tuple([z.object({ type: z.literal('text'), text: z.string() })]),
  isError: z.boolean().optional(),
});
const call = async (client: Client, name: string, given: Record<string, unknown> = {}) => {
  const { content, isError = false } = resultSchema.parse(await client.callTool({ name, arguments: given }));
  return { text: content[0].text, isError };
};
const answerOf = async (client: Client, name: string, given: Record<string, unknown> = {}): Promise<Json> => {
  const { text, isError } = await call(client, name, given);
  expect([text, isError]).toEqual([text, false]);
  return JSON.parse(text);
};
const asked = async (path: string): Promise<Json> =>
  (await system.request(path, { headers: { Authorization: 'Bearer rk' } })).json();

describe.each([
  ['streamable HTTP', overHttp],
  ['standard input and output', overStdio],
] as const)('over %s', (_, transportOf) => {
  test('an assistant sees the questions, with what they take, and that they change nothing', async () => {
    await withClient(transportOf('rk'), async (client) => {
      const { tools } = await client.listTools();
      const names = tools.map(({ name }) => name);
      for (const name of ['funnel', 'revenue', 'products', 'searches', 'pipeline', 'explore_funnel'])
        expect(names).toContain(name);
      expect(names).not.toContain('users_by_user_id_interactions');
      expect(tools.every(({ annotations }) => annotations?.readOnlyHint === true)).toBe(true);
      expect(tools.find(({ name }) => name === 'funnel')?.inputSchema).toMatchObject({
        properties: { mode: { enum: ['closed', 'open'] } },
      });
      expect(client.getServerVersion()).toMatchObject({ name: 'cartpulse' });
      expect(client.getInstructions()).toContain('from and to');
    });
  });

  test('a tool’s result is the answer, as the API gives it', async () => {
    await withClient(transportOf('rk'), async (client) => {
      for (const [name, given, path] of [
        ['revenue', { interval: 'day' }, '/v1/revenue?interval=day'],
        ['funnel', { breakdown: 'channel' }, '/v1/funnel?breakdown=channel'],
        ['products_by_item_id', { item_id: 'sku/1' }, '/v1/products/sku%2F1'],
      ] as const) {
        const { data } = await asked(path);
        expect((await answerOf(client, name, given)).data).toEqual(data);
      }
      expect((await answerOf(client, 'revenue')).data).toMatchObject({ orders: 1, revenue: 9.5 });
    });
  });

  test('what is refused says why, as the API does', async () => {
    await withClient(transportOf('rk'), async (client) => {
      expect(await call(client, 'revenue', { interval: 'year' })).toMatchObject({ isError: true });
      expect((await call(client, 'revenue', { from: 'yesterday' })).text).toContain('from');
      expect((await call(client, 'revenue', { colour: 'red' })).text).toContain('colour');
      expect((await call(client, 'products_by_item_id', { item_id: 'nobody' })).text).toContain('nobody');
      expect((await call(client, 'no_such')).text).toContain('no tool no_such');
    });
  });

  test('an answer that is too large is refused with what to ask instead', async () => {
    const items = Array.from({ length: 900 }, (_, i) => ({ item_id: `large-${i}`, item_name: 'n'.repeat(120) }));
    const view = JSON.stringify({ name: 'view_item', user_id: 'u2', items });
    const authorized = { 'Content-Type': 'application/json', Authorization: 'Bearer wk' };
    await system.request('/v1/events', send(view, authorized));
    await system.settled();
    await withClient(transportOf('rk'), async (client) => {
      const { text, isError } = await call(client, 'products', { limit: 1_000 });
      expect([isError, text]).toEqual([true, expect.stringMatching(/100000.*smaller limit/)]);
      expect((await answerOf(client, 'products', { limit: 3 })).data).toHaveLength(3);
    });
  });
});

test('over HTTP a key must be one that reads', async () => {
  for (const key of ['wk', 'other']) await expect(withClient(overHttp(key), async () => 0)).rejects.toThrow();
  const message = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' });
  const accept = { 'Content-Type': 'application/json', Accept: 'application/json, text/event-stream' };
  expect(await problem(system, '/mcp', send(message, accept))).toMatchObject({ status: 401 });
  expect(await problem(system, '/mcp', send(message, { ...accept, Authorization: 'Bearer wk' }))).toMatchObject({
    status: 403,
    detail: 'This needs a key with the scope read',
  });
});

test('over standard input a key that does not read is refused at each question', async () => {
  await withClient(overStdio('wk'), async (client) => {
    expect(await call(client, 'revenue')).toEqual({ isError: true, text: 'This needs a key with the scope read' });
  });
});

test('what is no message is refused; there are no sessions and no streams', async () => {
  const authorized = { 'Content-Type': 'application/json', Authorization: 'Bearer rk' };
  expect(await problem(system, '/mcp', send('no JSON', authorized))).toMatchObject({ status: 400 });
  expect(await problem(system, '/mcp', send('[]', authorized))).toMatchObject({ status: 400 });
  expect(await problem(system, '/mcp', { headers: authorized })).toMatchObject({ status: 405 });
});

test('without keys a page of another origin, or another name of this machine, is refused', async () => {
  const open = await startSystem(redis.url);
  try {
    const params = { name: 'revenue', arguments: {} };
    const message = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params });
    const accept = { 'Content-Type': 'application/json', Accept: 'application/json, text/event-stream' };
    const answered = await open.request('/mcp', send(message, accept));
    expect([answered.status, await answered.text()]).toEqual([200, expect.stringContaining('average_order_value')]);
    for (const foreign of [{ Origin: 'https://other.example' }, { Host: 'rebound.example' }])
      expect((await open.request('/mcp', send(message, { ...accept, ...foreign }))).status).toBe(403);
  } finally {
    await open.close();
  }
});

test('where no cartpulse answers, the command ends with a line that says so', async () => {
  const { ended, output } = startProcess(MAIN, ['mcp', '--url', 'http://127.0.0.1:9'], {});
  expect(await ended).toBe(1);
  expect(output()).toMatch(
    /^cartpulse: no cartpulse answers at http:\/\/127\.0\.0\.1:9 \(.*\): start it, or name another/,
  );
});
