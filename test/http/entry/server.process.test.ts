import { once } from 'node:events';
import type { Server } from 'node:http';
import { connect } from 'node:net';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { AppParts } from '../../../src/http/app.ts';
import { createHttpServer } from '../../../src/http/entry/server.ts';
import { appOf } from '../app-parts.ts';

/** Reads a file as it comes, and keeps nothing of it. */
const spool = {
  async write(source: Readable): Promise<string> {
    for await (const chunk of source) if (String(chunk) === '') break;
    return '/nowhere';
  },
  remove: async () => undefined,
};
const app = appOf([], { spool });
const fetch: Parameters<typeof createHttpServer>[0] = (request, env) => app.fetch(request, env);
const portOf = (server: Server): number => z.object({ port: z.number() }).parse(server.address()).port;

async function listen(server: Server): Promise<Server> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

let usual: Server;
let hasty: Server;
beforeAll(async () => {
  usual = await listen(createHttpServer(fetch));
  hasty = await listen(
    createHttpServer(fetch, { keepAliveMs: 65_000, slowMs: 300, leastImportBytes: 2, checkEveryMs: 50 }),
  );
});
afterAll(() => {
  for (const server of [usual, hasty]) server.close().closeAllConnections();
});

/** Sends bytes, bit by bit, and waits until the server has closed the connection. */
async function raw(server: Server, parts: readonly string[], everyMs = 0): Promise<string> {
  const socket = connect(portOf(server), '127.0.0.1');
  let answer = '';
  socket.on('data', (chunk) => {
    answer += chunk.toString();
  });
  socket.on('error', () => undefined);
  const closed = once(socket, 'close');
  for (const part of parts) {
    if (socket.writable) socket.write(part);
    if (everyMs > 0) await sleep(everyMs);
  }
  await closed;
  return answer;
}

const post = (path: string, bytes: number): string =>
  `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${bytes}\r\n\r\n`;

function expectProblem(answer: string, status: number, code: string): void {
  expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  expect(answer).toContain('Content-Type: application/problem+json');
  expect(answer).toMatch(/X-Request-Id: [0-9a-f-]{36}/i);
  const body = answer.slice(answer.indexOf('{'), answer.lastIndexOf('}') + 1);
  expect(JSON.parse(body)).toMatchObject({
    type: `/problems/${code}`,
    status,
    title: expect.any(String),
    detail: expect.any(String),
  });
}

describe('what Node itself refuses is a problem document as well', () => {
  const ask = (line: string, ...headers: string[]): string => `${[line, ...headers].join('\r\n')}\r\n\r\n`;
  test.each<[number, string, string, string]>([
    [400, 'bad-request', 'a request line that is none', 'nonsense\r\n\r\n'],
    [400, 'bad-request', 'another protocol', ask('GET / HTTP/9.9')],
    [400, 'bad-request', 'a header that is none', ask('GET / HTTP/1.1', 'Host: a', 'no colon')],
    [400, 'bad-request', 'no Host', ask('GET / HTTP/1.1')],
    [400, 'bad-request', 'a Host that is none', ask('GET / HTTP/1.1', 'Host: a b', 'Connection: close')],
    [400, 'bad-request', 'CONNECT', ask('CONNECT a:443 HTTP/1.1', 'Host: a')],
    [417, 'unknown-expectation', 'an unknown Expect', ask('GET / HTTP/1.1', 'Host: a', 'Expect: cake')],
    [431, 'header-too-large', 'a header of 20 kB', ask('GET / HTTP/1.1', 'Host: a', `X: ${'x'.repeat(20_000)}`)],
    [431, 'header-too-large', 'a path of 20 kB', ask(`GET /${'x'.repeat(20_000)} HTTP/1.1`, 'Host: a')],
  ])('%i %s for %s', async (status, code, _, request) => {
    expectProblem(await raw(usual, [request]), status, code);
  });

  test('HTTP/1.0 needs no Host', async () => {
    expect(await raw(usual, [ask('GET /health/live HTTP/1.0')])).toMatch(/^HTTP\/1.1 200 /);
  });
});

describe('connections', () => {
  test('are kept longer than balancers keep theirs', () => {
    expect(usual.keepAliveTimeout).toBe(65_000);
    expect(usual.headersTimeout).toBe(30_000);
  });

  test('on which nothing comes are cut', async () => {
    expectProblem(await raw(hasty, []), 408, 'too-slow');
  });

  test('on which the header comes too slowly are cut', async () => {
    expectProblem(await raw(hasty, ['GET / HTTP/1.1\r\n', 'Host: a\r\n', 'X: y\r\n'], 200), 408, 'too-slow');
  });

  test('on which a body comes too slowly are cut, also where something comes now and then', async () => {
    const body = Array.from({ length: 20 }, () => ' ');
    expectProblem(await raw(hasty, [post('/v1/events', 20), ...body], 60), 408, 'too-slow');
  });

  test('on which an import goes on coming are not cut, and one that stands still is', async () => {
    const csv = post('/v1/imports/rees46', 12).replace('application/json', 'text/csv');
    const slow = await raw(hasty, [csv.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'), ...'abcdefghijkl'], 60);
    expect(slow).not.toMatch(/^HTTP\/1.1 408/);
    expectProblem(await raw(hasty, [csv, 'ab']), 408, 'too-slow');
  });

  test('on which a byte of an import comes now and then are cut: it would hold one of two places', async () => {
    const csv = post('/v1/imports/rees46', 12).replace('application/json', 'text/csv');
    expectProblem(await raw(hasty, [csv, ...'abcdef'], 320), 408, 'too-slow');
  });

  test('on which a file was answered unread are cut, which ends no process', async () => {
    const unread = appOf([], { spool: { ...spool, write: async () => '/nowhere' } });
    const limits = { keepAliveMs: 65_000, slowMs: 300, leastImportBytes: 2, checkEveryMs: 50 };
    const server = await listen(createHttpServer((request, env) => unread.fetch(request, env), limits));
    const csv = post('/v1/imports/rees46', 12).replace('application/json', 'text/csv');
    const closing = csv.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n');
    expect(await raw(server, [closing, ...'abcdefghijkl'], 60)).toMatch(/^HTTP\/1.1 409 /);
    server.close();
  });
});

describe('a body that is cut off', () => {
  const head = (path: string, type: string, length: string): string =>
    `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: ${type}\r\n${length}\r\n\r\n`;
  const declared = 'Content-Length: 100';
  const chunked = 'Transfer-Encoding: chunked';
  const file: AppParts['importer']['importFile'] = async () => ({ outcome: 'imported-before', importId: 'i' });

  test.each([
    ['events', head('/v1/events', 'application/json', declared), '{"name":'],
    ['events in chunks', head('/v1/events', 'application/json', chunked), '8\r\n{"name":\r\n'],
    ['another system’s events', head('/v1/batch', 'application/json', declared), '{"batch":'],
    ['a hook', head('/v1/hooks/shopify', 'application/json', declared), '{"id":'],
    ['a file', head('/v1/imports/rees46', 'text/csv', declared), 'event_time,'],
    ['a message', head('/mcp', 'application/json', declared), '{"jsonrpc":'],
    ['a setting', head('/v1/alerts', 'application/json', declared), '{"name":'],
  ])('%s: is no failure of the server’s, and none in its log', async (_, start, part) => {
    const lines: unknown[] = [];
    const notes: unknown[] = [];
    const log = (...line: unknown[]): void => void lines.push(line);
    const noted: AppParts['noted'] = { note: async (_way, note) => void notes.push(note.detail), last: async () => [] };
    const own = appOf([], {
      spool,
      importer: { importFile: file },
      noted,
      logger: { debug: log, info: log, warn: log, error: log },
    });
    const answers: Promise<Response>[] = [];
    const server = await listen(
      createHttpServer((request, env) => {
        const answer = Promise.resolve(own.fetch(request, env));
        answers.push(answer);
        return answer;
      }),
    );
    const socket = connect(portOf(server), '127.0.0.1');
    socket.write(start + part);
    await expect.poll(() => answers.length).toBe(1);
    await sleep(50);
    socket.destroy();
    expect((await answers[0])?.status).toBe(400);
    expect(lines).toEqual([]);
    expect(notes.filter((detail) => detail !== 'The body did not come whole')).toEqual([]);
    server.close().closeAllConnections();
  });
});
