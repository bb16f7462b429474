import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test, vi } from 'vitest';
import { createClient } from '../../sdk/src/node.ts';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function serve(listener: RequestListener): Promise<string> {
  server = createServer(listener);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const accept = (rejected: unknown[] = []): string => JSON.stringify({ accepted: 1, rejected });
const view = (id: number) => ({ user_id: 'u1', event_id: `e${id}` });

test('events go out in batches, and what is asked for again goes again', async () => {
  const batches: string[][] = [];
  const url = await serve(async (request, response) => {
    const sent: { event_id: string }[] = JSON.parse(await text(request));
    batches.push(sent.map(({ event_id: id }) => id));
    const again = batches.length === 1 ? [{ event_id: 'e2', retryable: true }] : [];
    response.writeHead(202).end(accept(again));
  });
  const client = createClient({ url, key: 'wk', mostPerRequest: 3, gatherMs: 10 });
  for (let i = 0; i < 5; i++) await client.track('page_view', view(i));
  expect(await client.close()).toBe(0);
  expect(batches).toEqual([
    ['e0', 'e1', 'e2'],
    ['e2', 'e3', 'e4'],
  ]);
});

test('what was cut, or refused for the moment, is sent again; what is wrong is not', async () => {
  const seen: string[] = [];
  const url = await serve(async (request, response) => {
    const sent: { event_id: string }[] = JSON.parse(await text(request));
    seen.push(sent.map(({ event_id: id }) => id).join());
    if (seen.length === 1) request.socket.destroy();
    else if (seen.length === 2) response.writeHead(400).end('{}');
    else response.writeHead(202).end(accept());
  });
  const client = createClient({ url, mostPerRequest: 1, gatherMs: 1 });
  await client.track('page_view', view(0));
  await client.track('page_view', view(1));
  expect(await client.close()).toBe(0);
  expect(seen).toEqual(['e0', 'e0', 'e1']);
});

test('what the server refuses is told with its answer; what is taken is not', async () => {
  const answers = ['{"detail": "The API key is not known"}', accept([{ event_id: 'e1', retryable: false }]), accept()];
  const url = await serve(async (request, response) => {
    await text(request);
    const answer = answers.shift() ?? '';
    response.writeHead(answer.includes('detail') ? 401 : 202).end(answer);
  });
  const told: [number, string][] = [];
  const onRefused = (events: number, answer: string): void => void told.push([events, answer]);
  const client = createClient({ url, mostPerRequest: 2, gatherMs: 1, onRefused });
  for (let i = 0; i < 5; i++) await client.track('page_view', view(i));
  expect(await client.close()).toBe(0);
  expect(told).toEqual([
    [2, expect.stringContaining('not known')],
    [1, expect.stringContaining('"e1"')],
  ]);
});

test('where nobody asks, the console is told of what is refused', async () => {
  const warned = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  const url = await serve((_, response) => response.writeHead(401).end('The API key is not known'));
  const client = createClient({ url, gatherMs: 1 });
  await client.track('page_view', view(0));
  await client.close();
  expect(warned.mock.calls).toEqual([['cartpulse refused events (1): The API key is not known']]);
  warned.mockRestore();
});

test('while the server answers nothing, as many events wait as may, and then whoever sends does', async () => {
  const url = await serve(() => undefined);
  const client = createClient({ url, mostWaiting: 50, gatherMs: 1 });
  let taken = 0;
  for (let i = 0; i < 80; i++) client.track('page_view', view(i)).then(() => (taken += 1), expect.fail);
  await sleep(100);
  expect(taken).toBe(50);
  expect(await client.close(100)).toBe(50);
});
