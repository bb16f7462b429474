import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import { NotThisFormat } from '../../imports/csv.ts';
import type { ImportFormat } from '../../imports/formats/format.ts';
import { importFormats } from '../../imports/formats/index.ts';
import { type Importer, ImportInterrupted } from '../../imports/importer.ts';
import { bodyStream, isZlibError, mediaType } from '../body.ts';
import { type Clock, metaOfNow } from '../meta.ts';
import { badRequest, HttpProblem, tooLarge, unavailable, unsupported } from '../problems.ts';
import { json, metaSchema, problemResponses, queryOf } from '../schemas.ts';

export interface ImportLimits {
  readonly maxImportBytes: number;
  /** Where a file lies while it is read: whether it was imported before shows only at its end. */
  readonly spoolDir: string;
}

const report = z
  .object({
    import_id: z.string(),
    rows: z.int(),
    events: z.int(),
    rejected: z.int(),
    errors: z.array(z.object({ line: z.int(), column: z.string(), message: z.string() })).readonly(),
    meta: metaSchema,
  })
  .openapi('ImportReport');

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

const importRoute = createRoute({
  method: 'post',
  path: '/v1/imports/{format}',
  summary: 'Import a CSV file of history; gzip allowed, streamed',
  tags: ['write'],
  security: [{ key: [] }],
  middleware: asFormat,
  request: { params, query, body: { content: { 'text/csv': { schema: z.string() } } } },
  responses: {
    200: { description: 'Every row is counted or rejected', content: json(report) },
    ...problemResponses(400, 401, 403, 404, 409, 413, 415, 503),
  },
});

export function importRoutes(importer: Pick<Importer, 'importFile'>, limits: ImportLimits, clock: Clock): OpenAPIHono {
  const app = new OpenAPIHono();
  app.openapi(importRoute, async (context) => {
    const force = context.req.valid('query').force === 'true';
    const meta = await metaOfNow(clock);
    const path = await spool(context, limits);
    try {
      const result = await importer.importFile(path, context.get('format'), { force });
      if (result.outcome === 'imported') return context.json({ ...result.report, meta }, 200);
      throw conflict(result.outcome, result.importId);
    } catch (error) {
      throw toProblem(error);
    } finally {
      await rm(path, { force: true });
    }
  });
  return app;
}

async function spool(context: Context, { maxImportBytes, spoolDir }: ImportLimits): Promise<string> {
  await mkdir(spoolDir, { recursive: true });
  const path = join(spoolDir, `import-${randomUUID()}.csv`);
  let bytes = 0;
  const limit = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.byteLength;
      done(bytes > maxImportBytes ? tooLarge(`The file has more than ${maxImportBytes} bytes`) : null, chunk);
    },
  });
  try {
    await pipeline(bodyStream(context), limit, createWriteStream(path));
    return path;
  } catch (error) {
    await rm(path, { force: true });
    throw isZlibError(error) ? badRequest('The body is not gzip, though Content-Encoding says so') : error;
  }
}

const CONFLICTS = {
  'imported-before': (importId: string) =>
    `A file with this content was imported before as ${importId}; force=true counts it again`,
  'import-running': (importId: string) =>
    `A file with this content is being imported as ${importId}; if that was cut off, send it again in 15 seconds and it goes on`,
} as const;

function conflict(code: keyof typeof CONFLICTS, importId: string): HttpProblem {
  return new HttpProblem({ code, detail: CONFLICTS[code](importId), more: { import_id: importId } });
}

function toProblem(error: unknown): unknown {
  if (error instanceof NotThisFormat) return badRequest(error.message, [{ path: 'header', message: error.message }]);
  if (error instanceof ImportInterrupted) return unavailable(error.message);
  if (error instanceof Error && 'code' in error && String(error.code).startsWith('CSV_'))
    return badRequest(`The file is not CSV: ${error.message}`);
  return error;
}
