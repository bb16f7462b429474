import { expect, test } from 'vitest';
import { z } from 'zod';
import { breakdowns } from '../../../src/analytics/breakdowns/route.ts';
import { type Question, route } from '../../../src/analytics/question.ts';
import { appOf } from '../app-parts.ts';

let asked: unknown[] = [];
let release: () => void = () => undefined;
const echo: Question = {
  name: 'echo',
  definitions: [],
  routes: [
    route({
      path: '/v1/echo/{name}',
      summary: 'What was asked',
      params: z.object({ name: z.string().max(5) }),
      query: z.object({ limit: z.coerce.number().int().default(10), slow: z.enum(['true']).optional() }),
      data: z.object({ name: z.string(), limit: z.number() }),
      answer: async ({ limit, slow }, _, { name }) => {
        asked.push(name);
        if (slow) await new Promise<void>((done) => (release = done));
        return { data: { name, limit } };
      },
    }),
  ],
};
const app = appOf([echo]);
const bodyOf = async (path: string) => {
  const response = await app.request(path);
  return [response.status, await response.json()];
};

test('parameters come as their schemas say', async () => {
  expect(await bodyOf('/v1/echo/caf%C3%A9?limit=2')).toMatchObject([200, { data: { name: 'café', limit: 2 } }]);
  expect(await bodyOf('/v1/echo/a?from=2026-11-01&to=2026-11-02')).toMatchObject([
    200,
    { data: { name: 'a', limit: 10 }, meta: { from: '2026-11-01', to: '2026-11-02' } },
  ]);
});

test('a parameter may be repeated, yet not with another value: one of both would be passed over', async () => {
  expect(await bodyOf('/v1/echo/a?limit=2&limit=2')).toMatchObject([200, { data: { limit: 2 } }]);
  expect(await bodyOf('/v1/echo/a?limit=2&limit=3')).toMatchObject([
    400,
    { errors: [{ path: 'limit', message: 'has more than one value' }] },
  ]);
});

test('a refusal names every parameter, and what the endpoint does not know', async () => {
  expect(await bodyOf('/v1/echo/a?limit=x&colour=red')).toEqual([
    400,
    {
      type: '/problems/bad-request',
      title: 'The request is not valid',
      status: 400,
      detail: 'limit: must be a number; colour: is not known here, only from, to, limit, slow',
      errors: [
        { path: 'limit', message: 'must be a number', reason: 'wrong-kind' },
        { path: 'colour', message: 'is not known here, only from, to, limit, slow', reason: 'unknown-parameter' },
      ],
      request_id: expect.any(String),
    },
  ]);
  expect(await bodyOf('/v1/echo/too-long')).toMatchObject([400, { errors: [{ path: 'name' }] }]);
});

test('cities are refused another dimension as a filter, by which they are not kept', async () => {
  const response = await appOf([breakdowns]).request('/v1/cities?device=mobile');
  expect([response.status, await response.json()]).toMatchObject([400, { errors: [{ path: 'device' }] }]);
});

test('many who ask for the same at once are answered by two readings', async () => {
  asked = [];
  const all = Array.from({ length: 20 }, () => app.request('/v1/echo/a?slow=true'));
  while (asked.length < 1) await new Promise((done) => setImmediate(done));
  const late = Array.from({ length: 20 }, () => app.request('/v1/echo/a?slow=true'));
  await new Promise((done) => setImmediate(done));
  expect(asked.length).toBe(1);
  release();
  while (asked.length < 2) await new Promise((done) => setImmediate(done));
  release();
  const bodies = await Promise.all([...all, ...late].map(async (response) => (await response).text()));
  expect(asked.length).toBe(2);
  expect(new Set(bodies).size).toBe(1);
});

test('a path of words alone is asked for by its words, whatever question takes the rest for a parameter', async () => {
  const named = (name: string, path: string): Question => ({
    name,
    definitions: [],
    routes: [
      route({
        path,
        summary: name,
        params: z.object({}),
        query: z.object({}),
        data: z.string(),
        answer: async () => ({ data: name }),
      }),
    ],
  });
  const both = appOf([named('an item', '/v1/things/{id}'), named('those that rise', '/v1/things/rising')]);
  expect(await (await both.request('/v1/things/rising')).json()).toMatchObject({ data: 'those that rise' });
  expect(await (await both.request('/v1/things/42')).json()).toMatchObject({ data: 'an item' });
});
