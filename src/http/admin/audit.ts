import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import type { AuditLog } from '../../keys/ports.ts';
import { answered, listPage, listQuery } from '../lists/list-page.ts';
import { namedBy } from '../lists/row-pages.ts';
import { type Clock, inStoreTime } from '../meta.ts';
import { problemResponses } from '../schemas.ts';

const entrySchema = z
  .object({
    at: z.string(),
    by: z.string().openapi({ description: 'the id of the key; command-line for commands, open where no keys are set' }),
    name: z.string(),
    action: z.string().openapi({ example: 'DELETE /v1/webhooks/1f' }),
    status: z.int(),
    request_id: z.string().optional(),
  })
  .openapi('AuditEntry');

const route = createRoute({
  method: 'get',
  path: '/v1/audit',
  summary: 'What admins did within a year, newest first (admin)',
  tags: ['operations'],
  security: [{ key: [] }],
  request: { query: listQuery },
  responses: {
    200: { description: 'What was done, by whom', content: answered(z.array(entrySchema)) },
    ...problemResponses(400, 401, 403, 503),
  },
});

export function auditRoutes(audit: AuditLog, clock: Clock): OpenAPIHono {
  const app = new OpenAPIHono();
  app.openapi(route, async (context) => {
    const read = async (rows: number) =>
      (await audit.read(rows)).map(({ requestId, at, ...entry }) => ({
        at: inStoreTime(clock, at),
        ...entry,
        ...(requestId !== undefined && { request_id: requestId }),
      }));
    const name = namedBy(['at', 'by', 'action', 'request_id']);
    return context.json(await listPage('/v1/audit', context.req.valid('query'), clock, read, name), 200);
  });
  return app;
}
