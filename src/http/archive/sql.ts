import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import type { MiddlewareHandler } from 'hono';
import type { Archive } from '../../archive/archive-reader.ts';
import { answered } from '../lists/list-page.ts';
import { type Clock, metaOfNow } from '../meta.ts';
import { problemResponses, queryOf } from '../schemas.ts';
import { wantsJson } from '../wants-json.ts';

const MAX_SQL = 20_000;
const MAX_ROWS = 10_000;

const tableSchema = z
  .object({
    columns: z.array(z.object({ name: z.string(), type: z.string() })).readonly(),
    rows: z.array(z.record(z.string(), z.unknown())).readonly(),
    cut: z.boolean().openapi({ description: `there are more than the ${MAX_ROWS} rows that are shown` }),
  })
  .openapi('ExploreTable');

const sqlRoute = createRoute({
  method: 'post',
  path: '/v1/explore/sql',
  summary: 'A SELECT of one’s own over the archive, the table `events` (admin)',
  tags: ['explore'],
  security: [{ key: [] }],
  request: {
    query: queryOf({}),
    body: {
      content: {
        'application/json': {
          schema: z.strictObject({
            sql: z
              .string()
              .min(1)
              .max(MAX_SQL)
              .openapi({ example: 'SELECT name, count(*) AS n FROM events GROUP BY name' }),
          }),
        },
      },
    },
  },
  responses: {
    200: { description: 'What it gives', content: answered(tableSchema) },
    ...problemResponses(400, 401, 403, 404, 413, 415, 429, 503),
  },
});

/** @param alone lets each key ask one thing at a time */
export function exploreSqlRoutes(alone: MiddlewareHandler, archive: Archive, clock: Clock): OpenAPIHono {
  const app = new OpenAPIHono();
  app.use('/v1/explore/sql', wantsJson, alone);
  app.openapi(sqlRoute, async (context) => {
    const { sql } = context.req.valid('json');
    const meta = { ...(await metaOfNow(clock)), source: 'archive' as const };
    const { columns, rows, isCut } = await archive.select(sql, { maxRows: MAX_ROWS, signal: context.req.raw.signal });
    return context.json({ data: { columns, rows, cut: isCut }, meta }, 200);
  });
  return app;
}
