import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import { QueryProblem } from '../../metrics/query/problems.ts';
import { because } from '../../metrics/query/reason.ts';
import { COLORS, MAX_NOTES, type Note, type NoteStore, noteInput, noteOf } from '../../notes/note.ts';
import type { Calendar } from '../../time/calendar.ts';
import { momentOf } from '../../time/moments.ts';
import { answered, listPage, listParams } from '../lists/list-page.ts';
import { type Clock, metaOfNow } from '../meta.ts';
import { HttpProblem, notFound } from '../problems.ts';
import { json, problemResponses, queryOf } from '../schemas.ts';
import { wantsJson } from '../wants-json.ts';

const shown = z
  .object({
    id: z.string(),
    at: z.string().openapi({ description: 'in the store’s time', example: '2026-11-27T09:00:00+01:00' }),
    text: z.string().openapi({ example: 'Black Friday: 20 % off everything' }),
    color: z.enum(COLORS),
  })
  .openapi('Note');

const common = { tags: ['notes'], security: [{ key: [] }] };

const periodQuery = queryOf({
  from: z.string().optional().openapi({ description: 'date or date-time; the first note where absent' }),
  to: z
    .string()
    .optional()
    .openapi({ description: 'date (included) or date-time (excluded); the last note where absent' }),
  ...listParams,
});

const routes = {
  make: createRoute({
    method: 'post',
    path: '/v1/notes',
    summary: 'Note on charts what happened at a moment (admin)',
    ...common,
    middleware: wantsJson,
    request: { query: queryOf({}), body: { content: json(noteInput), required: true } },
    responses: {
      201: { description: 'The note', content: answered(shown) },
      ...problemResponses(400, 401, 403, 409, 413, 415, 503),
    },
  }),
  list: createRoute({
    method: 'get',
    path: '/v1/notes',
    summary: 'Notes on charts, newest first',
    ...common,
    request: { query: periodQuery },
    responses: {
      200: { description: 'Notes', content: answered(z.array(shown)) },
      ...problemResponses(400, 401, 403, 503),
    },
  }),
  remove: createRoute({
    method: 'delete',
    path: '/v1/notes/{id}',
    summary: 'Remove a note from charts (admin)',
    ...common,
    request: { params: z.object({ id: z.string().min(1).max(200) }), query: queryOf({}) },
    responses: { 204: { description: 'Removed' }, ...problemResponses(400, 401, 403, 404, 503) },
  }),
};

export function noteRoutes(notes: NoteStore, clock: Clock): OpenAPIHono {
  const app = new OpenAPIHono();
  const { calendar } = clock;
  const show = ({ id, atMs, text, color }: Note) => ({ id, at: calendar.format(atMs), text, color });
  app.openapi(routes.make, async (context) => {
    const input = context.req.valid('json');
    const note = noteOf(input, given('at', input.at, calendar));
    const meta = await metaOfNow(clock);
    if ((await notes.put(note)) === 'full') throw tooMany();
    return context.json({ data: show(note), meta }, 201);
  });
  app.openapi(routes.list, async (context) => {
    const { from, to, ...asked } = context.req.valid('query');
    const fromMs = from === undefined ? Number.NEGATIVE_INFINITY : given('from', from, calendar);
    const toMs = to === undefined ? Number.POSITIVE_INFINITY : endOf(to, calendar);
    if (fromMs >= toMs) throw new QueryProblem('to', 'must not be before `from`', because('before-from'));
    const isWithin = ({ atMs }: Note): boolean => fromMs <= atMs && atMs < toMs;
    const read = async () => (await notes.all()).filter(isWithin).sort(newestFirst).map(show);
    const list = `/v1/notes?${JSON.stringify([from, to])}`;
    return context.json(await listPage(list, asked, clock, read, ({ id }) => id), 200);
  });
  app.openapi(routes.remove, async (context) => {
    if (!(await notes.remove(context.req.valid('param').id))) throw notFound('There is no such note');
    return context.body(null, 204);
  });
  return app;
}

const newestFirst = (a: Note, b: Note): number => b.atMs - a.atMs || (a.id < b.id ? -1 : 1);

/** @throws QueryProblem */
function given(path: string, text: string, calendar: Calendar): number {
  const moment = momentOf(text, calendar);
  if (moment === undefined)
    throw new QueryProblem(
      path,
      'must be a date (2026-11-20) or a date-time, in the store’s time (2026-11-20T14:00) or with an offset (2026-11-20T14:00:00Z)',
      because('not-a-date'),
    );
  return moment;
}

const DATE = /^\d{4}-\d{2}-\d{2}$/;

/** A date is included. */
function endOf(to: string, calendar: Calendar): number {
  const moment = given('to', to, calendar);
  return DATE.test(to) ? calendar.dayStart(calendar.addDays(to, 1)) : moment;
}

function tooMany(): HttpProblem {
  const detail = `There are ${MAX_NOTES} notes already; remove one first`;
  return new HttpProblem({ code: 'too-many-notes', detail });
}
