import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import type { MiddlewareHandler } from 'hono';
import type { Archive } from '../../archive/archive-reader.ts';
import { EXPORT_FORMATS } from '../../archive/sql.ts';
import { parsePeriod, wholeDays } from '../../metrics/query/period.ts';
import { NotFound } from '../../metrics/query/problems.ts';
import type { ReadParts } from '../answer.ts';
import { problemResponses, queryOf } from '../schemas.ts';

const TYPES = {
  ndjson: 'application/x-ndjson',
  csv: 'text/csv',
  parquet: 'application/vnd.apache.parquet',
} as const satisfies Record<(typeof EXPORT_FORMATS)[number], string>;

const file = { schema: z.string().openapi({ format: 'binary' }) };

const exportRoute = createRoute({
  method: 'get',
  path: '/v1/export/events',
  summary: 'The archived events of some dates as a file',
  tags: ['explore'],
  security: [{ key: [] }],
  request: {
    query: queryOf({
      from: z.string().optional().openapi({ description: 'date; today where absent', example: '2026-11-01' }),
      to: z.string().optional().openapi({ description: 'date, which is included', example: '2026-11-20' }),
      format: z.enum(EXPORT_FORMATS).default('ndjson').openapi({ description: 'how it is written', example: 'csv' }),
    }),
  },
  responses: {
    200: {
      description: 'A row an event; docs/archive.md has the columns',
      content: Object.fromEntries(Object.values(TYPES).map((type) => [type, file])),
    },
    ...problemResponses(400, 401, 403, 404, 429, 503),
  },
});

/** @param alone lets each key ask one thing at a time */
export function exportRoutes(alone: MiddlewareHandler, archive: Archive, parts: ReadParts): OpenAPIHono {
  const app = new OpenAPIHono();
  app.use('/v1/export/events', alone);
  app.openapi(exportRoute, async (context) => {
    const { format, ...asked } = context.req.valid('query');
    const { calendar, hourlyDays, now } = parts;
    const period = parsePeriod(asked, { calendar, hourlyDays, nowMs: now(), grain: 'hour' });
    wholeDays(period);
    const { from, to } = period;
    if (!(await archive.exists())) throw new NotFound('Nothing is archived yet; the role archive does that');
    const path = await archive.writeExport({ from, to }, format, context.req.raw.signal);
    const stream = createReadStream(path);
    stream.once('close', () => void rm(path, { force: true }));
    return context.body(Readable.toWeb(stream), 200, {
      'Content-Type': TYPES[format],
      'Content-Disposition': `attachment; filename="events-${from}-${to}.${format}"`,
    });
  });
  return app;
}
