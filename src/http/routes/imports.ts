import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import type { Erasures } from '../../imports/erasures.ts';
import type { ImportFormat } from '../../imports/formats/format.ts';
import { importFormats } from '../../imports/formats/index.ts';
import type { ImportEntry, ImportHistory } from '../../imports/import-journal.ts';
import type { ImportReport } from '../../imports/import-report.ts';
import type { Importer } from '../../imports/importer.ts';
import { ImportInterrupted } from '../../imports/problems.ts';
import type { Spool } from '../../imports/spool.ts';
import type { TakeBacks } from '../../imports/take-back/take-backs.ts';
import type { Headroom } from '../../ingestion/ports/headroom.ts';
import { mediaType } from '../body.ts';
import { answered, listPage, pageQuery } from '../lists/list-page.ts';
import { type Clock, inStoreTime, metaOfNow } from '../meta.ts';
import { HttpProblem, notFound, unavailable, unsupported } from '../problems.ts';
import { json, metaSchema, problemResponses, queryOf } from '../schemas.ts';
import { withSentFile } from '../sending/sent-file.ts';

/** Files that are brought in at once: each takes a core, and memory for its orders. */
const MAX_AT_ONCE = 2;
const RETRY_AFTER_SECONDS = 10;

export interface ImportParts {
  readonly importer: Pick<Importer, 'importFile'>;
  readonly imports: ImportHistory;
  readonly takeBacks: Pick<TakeBacks, 'ask'>;
  readonly spool: Pick<Spool, 'write' | 'remove'>;
  readonly headroom: Headroom;
  readonly erasures: Pick<Erasures, 'note' | 'place'>;
}

const problem = z.object({ line: z.int(), column: z.string(), message: z.string() });
const report = z.object({
  import_id: z.string(),
  rows: z.int(),
  events: z.int(),
  rejected: z.int(),
  first_event_at: z.string().optional().openapi({ description: 'when what the file holds began' }),
  last_event_at: z.string().optional().openapi({ description: 'when it ended' }),
  errors: z.array(problem).readonly(),
  repaired: z.array(problem).readonly().optional(),
});
const reportWithMeta = report.extend({ meta: metaSchema }).openapi('ImportReport');
const entry = z
  .object({
    import_id: z.string(),
    format: z.string(),
    state: z.enum(['running', 'done', 'failed', 'interrupted', 'taking-back', 'taken-back']),
    started_at: z.string(),
    finished_at: z.string().optional(),
    taken_back_at: z.string().optional(),
    progress: z.object({ rows: z.int(), of: z.int().nullable() }).readonly(),
    report: report.optional(),
    problem: z.string().optional(),
  })
  .openapi('Import');

const isOfFormat = (path: string): boolean => importFormats.has(path.replace(/^.*\//, ''));

/** Which paths are of a format, and which of an import. */
export const importPaths: ReadonlyMap<string, (path: string) => boolean> = new Map([
  ['/v1/imports/:format', isOfFormat],
  ['/v1/imports/:id', (path: string) => !isOfFormat(path)],
]);

const params = z.object({
  format: z.string().openapi({ description: 'what the file is read as', enum: [...importFormats.keys()] }),
});
const query = queryOf({
  force: z.enum(['true', 'false']).default('false').openapi({ description: 'count a file again' }),
});

/** What it is to be read as comes first: only then it matters what was asked beside it. */
const asFormat = createMiddleware<{ Variables: { format: ImportFormat } }, '/v1/imports/:format'>((context, next) => {
  const name = context.req.param('format');
  const format = importFormats.get(name);
  if (format === undefined) {
    const detail = `There is no format ${name}; there are ${[...importFormats.keys()].join(', ')}`;
    throw new HttpProblem({ code: 'unknown-format', detail });
  }
  if (mediaType(context) !== 'text/csv') throw unsupported('Use Content-Type text/csv');
  context.set('format', format);
  return next();
});

const common = { tags: ['write'], security: [{ key: [] }] };

const importRoute = createRoute({
  method: 'post',
  path: '/v1/imports/{format}',
  summary: 'Import a CSV file of history; gzip allowed. It is checked whole before anything of it is counted',
  ...common,
  middleware: asFormat,
  request: { params, query, body: { content: { 'text/csv': { schema: z.string() } } } },
  responses: {
    200: { description: 'Every row is counted or rejected', content: json(reportWithMeta) },
    ...problemResponses(400, 401, 403, 404, 409, 413, 415, 429, 503),
  },
});

const listRoute = createRoute({
  method: 'get',
  path: '/v1/imports',
  summary: 'Imports, newest first: how they stand, and what came of them',
  ...common,
  request: { query: pageQuery },
  responses: {
    200: { description: 'Imports', content: answered(z.array(entry)) },
    ...problemResponses(400, 401, 403, 503),
  },
});

const findRoute = createRoute({
  method: 'get',
  path: '/v1/imports/{id}',
  summary: 'One import: how it stands, and what came of it',
  ...common,
  request: { params: z.object({ id: z.string().min(1).max(200) }), query: queryOf({}) },
  responses: {
    200: { description: 'The import', content: answered(entry) },
    ...problemResponses(400, 401, 403, 404, 503),
  },
});

const takeBackRoute = createRoute({
  method: 'delete',
  path: '/v1/imports/{id}',
  summary: 'Take back what an import counted; its file may be imported again then',
  ...common,
  request: { params: z.object({ id: z.string().min(1).max(200) }), query: queryOf({}) },
  responses: {
    202: { description: 'It is being taken back, or it is already', content: answered(entry) },
    ...problemResponses(400, 401, 403, 404, 409, 503),
  },
});

export function importRoutes(parts: ImportParts, clock: Clock): OpenAPIHono {
  const app = new OpenAPIHono();
  let running = 0;
  app.openapi(importRoute, async (context) => {
    const force = context.req.valid('query').force === 'true';
    const meta = await metaOfNow(clock);
    if (running === MAX_AT_ONCE) throw tooMany();
    running += 1;
    try {
      const result = await bringIn(context, context.get('format'), force, parts);
      if (result.outcome === 'imported') return context.json({ ...result.report, meta }, 200);
      throw conflict(result.outcome, result.importId);
    } finally {
      running -= 1;
    }
  });
  const shown = (of: ImportEntry): ImportEntry => ({
    ...of,
    started_at: inStoreTime(clock, of.started_at),
    ...(of.finished_at !== undefined && { finished_at: inStoreTime(clock, of.finished_at) }),
    ...(of.taken_back_at !== undefined && { taken_back_at: inStoreTime(clock, of.taken_back_at) }),
    ...(of.report && { report: { ...of.report, ...momentsOf(of.report, clock) } }),
  });
  app.openapi(listRoute, async (context) => {
    const read = async (rows: number) => (await parts.imports.list(rows)).map(shown);
    const nameOf = (of: ImportEntry): string => of.import_id;
    return context.json(await listPage('/v1/imports', context.req.valid('query'), clock, read, nameOf), 200);
  });
  app.openapi(findRoute, async (context) => {
    const meta = await metaOfNow(clock);
    const found = await parts.imports.find(context.req.valid('param').id);
    if (found === undefined) throw notFound('There is no such import; the newest thousand are kept');
    return context.json({ data: shown(found), meta }, 200);
  });
  app.openapi(takeBackRoute, async (context) => {
    const meta = await metaOfNow(clock);
    const { id } = context.req.valid('param');
    const asked = await parts.takeBacks.ask(id);
    if (asked.outcome === 'unknown') throw notFound('There is no such import; the newest thousand are kept');
    if (asked.outcome === 'under-way')
      throw new HttpProblem({ code: 'import-under-way', detail: `${id} is being imported`, more: { import_id: id } });
    if (asked.outcome === 'forgotten')
      throw new HttpProblem({ code: 'import-forgotten', detail: `${id}: ${asked.reason}`, more: { import_id: id } });
    return context.json({ data: shown(asked.entry), meta }, 202);
  });
  return app;
}

function momentsOf({ first_event_at: first, last_event_at: last }: ImportReport, clock: Clock) {
  return {
    ...(first !== undefined && { first_event_at: inStoreTime(clock, first) }),
    ...(last !== undefined && { last_event_at: inStoreTime(clock, last) }),
  };
}

async function bringIn(context: Context, format: ImportFormat, force: boolean, parts: ImportParts) {
  const { importer, spool, headroom, erasures } = parts;
  if (headroom.full() !== undefined) throw unavailable('The store is nearly full; nothing is imported for now');
  try {
    const erasedSince = await erasures.place();
    return await withSentFile(context, spool, (path) => importer.importFile(path, format, { force, erasedSince }));
  } catch (error) {
    throw error instanceof ImportInterrupted ? unavailable(error.message) : error;
  }
}

function tooMany(): HttpProblem {
  const detail = `${MAX_AT_ONCE} files are being imported; send this one when one of them is done`;
  return new HttpProblem({ code: 'too-many-imports', detail, retryAfterSeconds: RETRY_AFTER_SECONDS });
}

const CONFLICTS = {
  'imported-before': (importId: string) =>
    `A file with this content was imported before as ${importId}; force=true counts it again`,
  'import-running': (importId: string) =>
    `A file with this content is being imported as ${importId}; if that was cut off, send it again in 15 seconds and it goes on`,
  'import-taking-back': (importId: string) =>
    `A file with this content was imported as ${importId}, which is being taken back; send it again when that is done`,
} as const;

function conflict(code: keyof typeof CONFLICTS, importId: string): HttpProblem {
  return new HttpProblem({ code, detail: CONFLICTS[code](importId), more: { import_id: importId } });
}
