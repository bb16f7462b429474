import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import { connectors } from '../../connectors/index.ts';
import { type NotedRequests, notedRequest } from '../../runtime/noted-requests.ts';
import { answered, listPage, listQuery } from '../lists/list-page.ts';
import { namedBy } from '../lists/row-pages.ts';
import { type Clock, inStoreTime } from '../meta.ts';
import { problemResponses } from '../schemas.ts';
import { SNIPPET_WAY } from '../sending/snippet-way.ts';

const wayParam = z
  .enum([SNIPPET_WAY, ...connectors.map(({ name }) => name)])
  .openapi({ description: 'a way in: the snippet, or the name of a guide in docs/connect' });

const connectRoute = createRoute({
  method: 'get',
  path: '/v1/connect/{way}',
  summary: 'The last 20 requests of a way in, with what became of each, newest first (admin)',
  tags: ['operations'],
  security: [{ key: [] }],
  request: {
    params: z.object({ way: wayParam }),
    query: listQuery,
  },
  responses: {
    200: { description: 'Requests', content: answered(z.array(notedRequest.openapi('NotedRequest'))) },
    ...problemResponses(400, 401, 403, 503),
  },
});

export function connectRoutes(noted: Pick<NotedRequests, 'last'>, clock: Clock): OpenAPIHono {
  const app = new OpenAPIHono();
  app.openapi(connectRoute, async (context) => {
    const { way } = context.req.valid('param');
    const read = async () =>
      (await noted.last(way)).map((request) => ({ ...request, at: inStoreTime(clock, request.at) }));
    const page = await listPage(context.req.path, context.req.valid('query'), clock, read, namedBy(['request_id']));
    return context.json(page, 200);
  });
  return app;
}
