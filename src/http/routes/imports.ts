import { Readable } from 'node:stream';
import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import { isPacked } from '../../imports/file.ts';
import type { ImportFormat } from '../../imports/formats/format.ts';
import { importFormats } from '../../imports/formats/index.ts';
import type { ImportHistory } from '../../imports/import-journal.ts';
import { type Importer, ImportInterrupted } from '../../imports/importer.ts';
import { BrokenFile, FileTooLarge, NotThisFormat } from '../../imports/problems.ts';
import { NoRoom, type Spool } from '../../imports/spool.ts';
import type { Headroom } from '../../ingestion/ports/headroom.ts';
import { mediaType } from '../body.ts';
import { badRequest, HttpProblem, notFound, tooLarge, unavailable, unsupported } from '../problems.ts';
import { json, problemResponses, queryOf } from '../schemas.ts';

/** Files that are brought in at once: each takes a core, and memory for its orders. */
const MAX_AT_ONCE = 2;
const RETRY_AFTER_SECONDS = 10;

export interface ImportParts {
  readonly importer: Pick<Importer, 'importFile'>;
  readonly imports: ImportHistory;
  readonly spool: Pick<Spool, 'write' | 'remove'>;
  readonly headroom: Headroom;
}

const problem = z.object({ line: z.int(), column: z.string(), message: z.string() });
const report = z.object({
  import_id: z.string(),
  rows: z.int(),
  events: z.int(),
  rejected: z.int(),
  errors: z.array(problem).readonly(),
  repaired: z.array(problem).readonly().optional(),
});
const entry = z
  .object({
    import_id: z.string(),
    format: z.string(),
    state: z.enum(['running', 'done', 'failed', 'interrupted']),
    started_at: z.string(),
    finished_at: z.string().optional(),
    progress: z.object({ rows: z.int(), of: z.int().nullable() }).readonly(),
    report: report.optional(),
    problem: z.string().optional(),
  })
  .openapi('Import');

const params = z.object({ format: z.string().openapi({ description: [...importFormats.keys()].join(', ') }) });
const query = queryOf({
  force: z.enum(['true', 'false']).default('false').openapi({ description: 'count a file again' }),
});

/** What it is to be read as comes first: only then it matters what was asked beside it. */
const asFormat = createMiddleware<{ Variables: { format: ImportFormat } }, '/v1/imports/:format'>((context, next) => {
  const name = context.req.param('format');
  const format = importFormats.get(name);
  if (format === undefined) {
    const detail = `There is no format ${name}; there are ${[...importFormats.keys()].join(', ')}`;
    throw new HttpProblem({ status: 404, code: 'unknown-format', title: 'Not found', detail });
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
    200: { description: 'Every row is counted or rejected', content: json(report.openapi('ImportReport')) },
    ...problemResponses(400, 401, 403, 404, 409, 413, 415, 429, 503),
  },
});

const listRoute = createRoute({
  method: 'get',
  path: '/v1/imports',
  summary: 'Imports, newest first: how they stand, and what came of them',
  ...common,
  request: { query: queryOf({ limit: z.coerce.number().int().min(1).max(1_000).default(10) }) },
  responses: {
    200: { description: 'Imports', content: json(z.object({ data: z.array(entry) })) },
    ...problemResponses(400, 401, 403, 503),
  },
});

const findRoute = createRoute({
  method: 'get',
  path: '/v1/imports/{id}',
  summary: 'One import: how it stands, and what came of it',
  ...common,
  request: { params: z.object({ id: z.string().min(1).max(200) }) },
  responses: {
    200: { description: 'The import', content: json(z.object({ data: entry })) },
    ...problemResponses(401, 403, 404, 503),
  },
});

export function importRoutes(parts: ImportParts): OpenAPIHono {
  const app = new OpenAPIHono();
  let running = 0;
  app.openapi(importRoute, async (context) => {
    const force = context.req.valid('query').force === 'true';
    if (running === MAX_AT_ONCE) throw tooMany();
    running += 1;
    try {
      const result = await bringIn(context, context.get('format'), force, parts);
      if (result.outcome === 'imported') return context.json(result.report, 200);
      throw conflict(result.outcome, result.importId);
    } finally {
      running -= 1;
    }
  });
  app.openapi(listRoute, async (context) =>
    context.json({ data: await parts.imports.list(context.req.valid('query').limit) }, 200),
  );
  app.openapi(findRoute, async (context) => {
    const found = await parts.imports.find(context.req.valid('param').id);
    if (found === undefined) throw notFound('There is no such import; the newest thousand are kept');
    return context.json({ data: found }, 200);
  });
  return app;
}

async function bringIn(context: Context, format: ImportFormat, force: boolean, parts: ImportParts) {
  const { importer, spool, headroom } = parts;
  if (headroom.full() !== undefined) throw unavailable('The store is nearly full; nothing is imported for now');
  try {
    const path = await spool.write(bodyAsItCame(context), Number(context.req.header('Content-Length') ?? 0));
    try {
      if (encodingOf(context) === 'gzip' && !(await isPacked(path)))
        throw badRequest('The body is not gzip, though Content-Encoding says so');
      return await importer.importFile(path, format, { force });
    } finally {
      await spool.remove(path);
    }
  } catch (error) {
    throw toProblem(error);
  }
}

/** Packed where it is: it is unpacked while it is read, and never lies on the disk larger than it came. */
function bodyAsItCame(context: Context): Readable {
  const encoding = encodingOf(context);
  if (encoding !== 'gzip' && encoding !== 'identity')
    throw unsupported(`Content-Encoding ${encoding} is not accepted; use gzip or none`);
  const { body } = context.req.raw;
  return body === null ? Readable.from([]) : Readable.fromWeb(body as import('node:stream/web').ReadableStream);
}

const encodingOf = (context: Context): string =>
  context.req.header('Content-Encoding')?.trim().toLowerCase() ?? 'identity';

function tooMany(): HttpProblem {
  const detail = `${MAX_AT_ONCE} files are being imported; send this one when one of them is done`;
  return new HttpProblem({
    status: 429,
    code: 'too-many-imports',
    title: 'Too many imports at once',
    detail,
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  });
}

const CONFLICTS = {
  'imported-before': {
    title: 'Imported before',
    detail: (importId: string) =>
      `A file with this content was imported before as ${importId}; force=true counts it again`,
  },
  'import-running': {
    title: 'Being imported',
    detail: (importId: string) =>
      `A file with this content is being imported as ${importId}; if that was cut off, send it again in 15 seconds and it goes on`,
  },
} as const;

function conflict(code: keyof typeof CONFLICTS, importId: string): HttpProblem {
  const { title, detail } = CONFLICTS[code];
  return new HttpProblem({ status: 409, code, title, detail: detail(importId), more: { import_id: importId } });
}

function toProblem(error: unknown): unknown {
  if (error instanceof NotThisFormat) return badRequest(error.message, [{ path: 'header', message: error.message }]);
  if (error instanceof BrokenFile) {
    const path = error.line === undefined ? 'file' : `line ${error.line}`;
    return badRequest(`Nothing was counted: ${error.message}`, [{ path, message: error.message }]);
  }
  if (error instanceof FileTooLarge) return tooLarge(`Nothing was counted: ${error.message}`);
  if (error instanceof NoRoom) return unavailable(`Nothing was counted: ${error.message}`);
  if (error instanceof ImportInterrupted) return unavailable(error.message);
  return error;
}
