import { beforeAll, describe, expect, test } from 'vitest';
import { questions } from '../../src/analytics/index.ts';
import { type ApiDocument, documentSchema, requestOf, type Tool, toolsOf } from '../../src/mcp/tools.ts';
import { appOf } from '../http/app-parts.ts';

let document: ApiDocument;
let tools: readonly Tool[];
beforeAll(async () => {
  document = documentSchema.parse(await (await appOf(questions).request('/openapi.json')).json());
  tools = toolsOf(document);
});

const tool = (name: string): Tool => {
  const found = tools.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no tool ${name}`);
  return found;
};

test('every question is a tool, but for streams and files', () => {
  const paths = new Set(tools.map(({ path }) => path));
  const asked = questions.flatMap(({ routes }) => routes).filter(({ stream }) => stream === undefined);
  const personal = ['/v1/users/{user_id}/interactions', '/v1/abandonment/carts'];
  for (const { path } of asked) expect([path, paths.has(path)]).toEqual([path, !personal.includes(path)]);
  for (const path of ['/v1/explore/funnel', '/v1/pipeline', '/v1/accuracy']) expect(paths).toContain(path);
});

test('nothing that names people, that is the admin’s, or that changes anything is a tool', () => {
  for (const { path } of tools)
    expect(path).not.toMatch(
      /users|\/carts$|export|connect|dead-letters|webhooks|keys|audit|imports|sql|collect|alerts\/value/,
    );
});

test('a tool has its parameters by the schemas that validate them', () => {
  expect(tool('revenue').inputSchema).toMatchObject({
    type: 'object',
    additionalProperties: false,
    required: [],
    properties: {
      interval: { type: 'string', enum: ['15m', 'hour', 'day'] },
      limit: { type: 'integer', minimum: 1, maximum: 1_000, default: 10 },
      from: { type: 'string', description: expect.stringContaining('date') },
    },
  });
  expect(tool('products_by_item_id')).toMatchObject({
    path: '/v1/products/{item_id}',
    inputSchema: { required: ['item_id'] },
  });
});

test('names are those that every assistant takes, and no two are alike', () => {
  const names = tools.map(({ name }) => name);
  for (const name of names) expect(name).toMatch(/^[a-z0-9_]{1,64}$/);
  expect(new Set(names).size).toBe(names.length);
});

describe('what a tool is asked', () => {
  test('is a request of the API', () => {
    expect(requestOf(tool('revenue'), { interval: 'day', limit: 5, city: null })).toEqual({
      outcome: 'request',
      path: '/v1/revenue?interval=day&limit=5',
    });
    expect(requestOf(tool('products_by_item_id'), { item_id: 'a/b $1', currency: 'EUR' })).toEqual({
      outcome: 'request',
      path: '/v1/products/a%2Fb%20%241?currency=EUR',
    });
  });

  test.each([
    [{}, 'item_id is needed'],
    [{ item_id: '..' }, "item_id can't be .. here"],
    [{ item_id: '' }, "item_id can't be empty here"],
    [{ item_id: '\ud800' }, 'item_id must be well-formed Unicode'],
    [{ item_id: ['a'] }, 'item_id must be a text or a number'],
  ])('%j is refused: %s', (given, message) => {
    expect(requestOf(tool('products_by_item_id'), given)).toEqual({ outcome: 'wrong', message });
  });
});
