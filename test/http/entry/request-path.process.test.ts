import { once } from 'node:events';
import { request, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type Question, route } from '../../../src/analytics/question.ts';
import { idSchema } from '../../../src/events/schema.ts';
import { createHttpServer } from '../../../src/http/entry/server.ts';
import { appOf, keyRing } from '../app-parts.ts';

let release: () => void = () => undefined;
const open = new Promise<void>((done) => (release = done));
const params = z.object({ item_id: idSchema });
const query = z.object({ slow: z.enum(['true']).optional() });

/** Answers with the id in its path, and with its own name. */
const echoOf = (name: string, path: string) =>
  route({
    path,
    summary: name,
    params,
    query,
    data: z.object({ name: z.string(), id: z.string() }),
    answer: async ({ slow }, _, { item_id: id }) => {
      if (slow) await open;
      return { data: { name, id } };
    },
  });

const questions: readonly Question[] = [
  {
    name: 'echo',
    definitions: [],
    routes: [
      echoOf('item', '/v1/items/{item_id}'),
      echoOf('parts', '/v1/items/{item_id}/parts'),
      echoOf('shelf', '/v1/shelves/{item_id}'),
    ],
  },
];

const erased: string[] = [];
const app = appOf(questions, {
  log: {
    partitions: [{ topic: 'events', index: 0 }],
    append: async (records) => {
      erased.push(...records.map(({ value }) => value));
      return records.map(() => ({ outcome: 'acknowledged' as const }));
    },
  },
});

let server: Server;
let port: number;
beforeAll(async () => {
  server = createHttpServer((asked, env) => app.fetch(asked, env));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  port = z.object({ port: z.number() }).parse(server.address()).port;
});
afterAll(() => {
  server.close().closeAllConnections();
});

/** Sends a path as it stands, which `fetch` would tidy. */
async function ask(path: string, method = 'GET'): Promise<[number | undefined, unknown]> {
  const sent = request({ port, host: '127.0.0.1', path, method }).end();
  const [response] = await once(sent, 'response');
  const body = await text(response);
  return [response.statusCode, body === '' ? undefined : JSON.parse(body)];
}

describe('an id of dots is found by its encoded form', () => {
  test.each([
    ['/v1/items/%2E%2E', 'item', '..'],
    ['/v1/items/%2e', 'item', '.'],
    ['/v1/items/.%2E', 'item', '..'],
    ['/v1/items/%2E.?', 'item', '..'],
    ['/v1/items/%2E%2E/', 'item', '..'],
    ['/v1/items/%2E%2E/parts', 'parts', '..'],
    ['/v1/items/%2E/parts?x=', undefined, undefined],
    ['/v1/items/%2E%2E%2E', 'item', '...'],
    ['/v1/items/..%2Fpage', 'item', '../page'],
    ['/v1/items/%252E%252E', 'item', '%2E%2E'],
    ['/v1/items/caf%C3%A9', 'item', 'café'],
  ])('%s', async (path, name, id) => {
    const found = name === undefined ? [400, { errors: [{ path: 'x' }] }] : [200, { data: { name, id } }];
    expect(await ask(path)).toMatchObject(found);
  });

  test('by an erasure as well', async () => {
    expect(await ask('/v1/users/%2E%2E', 'DELETE')).toMatchObject([202, { data: { user_id: '..' } }]);
    expect(erased.map((value) => JSON.parse(value))).toMatchObject([
      { control: 'release', user_id: '..' },
      { control: 'erase', user_id: '..' },
    ]);
  });

  test('and two such paths that are asked for at once are two questions', async () => {
    const all = ['items', 'items', 'items', 'shelves', 'shelves', 'shelves'].map((of) =>
      ask(`/v1/${of}/%2E%2E?slow=true`),
    );
    setTimeout(release, 50);
    const names = (await Promise.all(all)).map(
      ([, body]) => z.object({ data: z.object({ name: z.string() }) }).parse(body).data.name,
    );
    expect(names).toEqual(['item', 'item', 'item', 'shelf', 'shelf', 'shelf']);
  });
});

describe('elsewhere dots lead upwards, as in every URL', () => {
  test('bare ones, also beside encoded ones', async () => {
    expect(await ask('/v1/items/../items/a')).toMatchObject([200, { data: { id: 'a' } }]);
    expect(await ask('/v1/items/../%2E%2E/health/live')).toMatchObject([200, {}]);
    expect(await ask('/v1/items/..')).toMatchObject([404, {}]);
  });

  test.each(['/assets/%2E%2E/%2E%2E/package.json', '/%2E%2E/package.json', '/docs/%2e%2e/%2e%2e/package.json'])(
    'files outside are not found: %s',
    async (path) => expect((await ask(path))[0]).toBe(404),
  );

  test('no path leads around a key', async () => {
    const keys = keyRing({ read: ['reader'], admin: ['admin'] });
    const guarded = appOf(questions, { keys });
    const behind = createHttpServer((asked, env) => guarded.fetch(asked, env)).listen(0, '127.0.0.1');
    await once(behind, 'listening');
    const at = z.object({ port: z.number() }).parse(behind.address()).port;
    for (const path of ['/v1/items/%2E%2E', '/v1/items/%2E%2E/webhooks', '/v1/items/%2E/../dead-letters']) {
      const [response] = await once(request({ port: at, host: '127.0.0.1', path }).end(), 'response');
      response.resume();
      expect(response.statusCode, path).toBe(401);
    }
    behind.close().closeAllConnections();
  });
});
