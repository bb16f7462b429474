import { beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type Question, route } from '../../src/analytics/question.ts';
import { appOf, readParts } from './app-parts.ts';

let names: string[] = [];
let nowMs = 0;
const list = (path: string, pages: { readonly pagedBy?: readonly string[] } = { pagedBy: ['name'] }) =>
  route({
    path,
    summary: path,
    ...pages,
    query: z.object({
      by: z.enum(['views', 'carts']).default('views'),
      limit: z.coerce.number().int().min(1).max(1_000).default(10),
      compare: z.enum(['previous']).optional(),
    }),
    data: z.array(z.object({ rank: z.int(), name: z.string(), day: z.string() })),
    answer: async ({ limit }, { period }) => ({
      data: names.slice(0, limit).map((name, i) => ({ rank: i + 1, name, day: period.from })),
    }),
  });
const question: Question = { name: 'lists', definitions: [], routes: [list('/v1/lists'), list('/v1/others')] };
const app = appOf([question], {});
const page = z.object({
  data: z.array(z.object({ rank: z.int(), name: z.string(), day: z.string() })),
  previous: z.array(z.object({ name: z.string() })).optional(),
  meta: z.object({ from: z.string(), next_cursor: z.string().optional() }),
});

async function ask(path: string, from = app) {
  const response = await from.request(path);
  return { status: response.status, body: await response.json() };
}
const pageOf = async (path: string, from = app) => page.parse((await ask(path, from)).body);

beforeEach(() => {
  names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
  nowMs = Date.parse('2026-11-20T23:59:59Z');
});

describe('a list by pages', () => {
  test('is the whole list, and the last page has no cursor', async () => {
    const seen: string[] = [];
    let cursor = '';
    do {
      const { data, meta } = await pageOf(`/v1/lists?limit=3${cursor}`);
      seen.push(...data.map(({ rank, name }) => `${rank}${name}`));
      cursor = meta.next_cursor === undefined ? '' : `&cursor=${meta.next_cursor}`;
    } while (cursor !== '');
    expect(seen).toEqual(['1a', '2b', '3c', '4d', '5e', '6f', '7g']);
    expect((await pageOf('/v1/lists?limit=7')).meta.next_cursor).toBeUndefined();
  });

  test('goes on behind the last row, wherever that stands by now', async () => {
    const next = `/v1/lists?limit=2&cursor=${(await pageOf('/v1/lists?limit=2')).meta.next_cursor}`;
    names = ['new', 'newer', 'a', 'b', 'c', 'd'];
    expect((await pageOf(next)).data.map(({ name }) => name)).toEqual(['c', 'd']);
    names = ['b', 'c', 'd'];
    expect((await pageOf(next)).data.map(({ name }) => name)).toEqual(['c', 'd']);
    names = ['a', 'c', 'd'];
    expect((await pageOf(next)).data.map(({ name }) => name)).toEqual(['d']);
  });

  test('may change its page size on the way, and shows the same ranks of the period before', async () => {
    const { meta, previous } = await pageOf('/v1/lists?limit=2&compare=previous');
    expect(previous?.map(({ name }) => name)).toEqual(['a', 'b']);
    const next = await pageOf(`/v1/lists?limit=3&compare=previous&cursor=${meta.next_cursor}`);
    expect(next.data.map(({ name }) => name)).toEqual(['c', 'd', 'e']);
    expect(next.previous?.map(({ name }) => name)).toEqual(['c', 'd', 'e']);
  });

  test('stays in the period in which it began, also behind midnight', async () => {
    const clocked = appOf([question], {
      read: {
        ...readParts,
        now: () => nowMs,
        asOf: async () => nowMs,
      },
    });
    const { meta } = await pageOf('/v1/lists?limit=2', clocked);
    nowMs += 2_000;
    const next = await pageOf(`/v1/lists?limit=2&cursor=${meta.next_cursor}`, clocked);
    expect([next.meta.from, next.data[0]?.day]).toEqual(['2026-11-20', '2026-11-20']);
    expect((await pageOf('/v1/lists?limit=2', clocked)).meta.from).toBe('2026-11-21');
  });
});

describe('a cursor', () => {
  test.each(['/v1/others?limit=2', '/v1/lists?limit=2&by=carts', '/v1/lists?limit=2&from=2026-11-20'])(
    'of another list is a 400 that says so: %s',
    async (other) => {
      const { meta } = await pageOf('/v1/lists?limit=2');
      expect(await ask(`${other}&cursor=${meta.next_cursor}`)).toMatchObject({
        status: 400,
        body: { errors: [{ path: 'cursor', message: expect.stringContaining('belongs to another list') }] },
      });
    },
  );

  test.each(['x', 'e30', Buffer.from('["a","b","c","d"]').toString('base64url'), '%00'])(
    'that no answer gave is a 400: %s',
    async (cursor) => {
      expect(await ask(`/v1/lists?cursor=${cursor}`)).toMatchObject({
        status: 400,
        body: { errors: [{ path: 'cursor' }] },
      });
    },
  );
});
