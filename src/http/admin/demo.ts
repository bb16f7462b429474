import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import { answered } from '../lists/list-page.ts';
import { type Clock, metaOfNow } from '../meta.ts';
import { notFound } from '../problems.ts';
import { problemResponses, queryOf } from '../schemas.ts';

/** The simulated shop of this installation. */
export interface Demo {
  /** Does it run here, and is all that is here of it? */
  canEnd(): Promise<boolean>;
  /** Stops it, and takes back all that there is. */
  end(): Promise<void>;
}

const common = { tags: ['operations'], security: [{ key: [] }], request: { query: queryOf({}) } };

const routes = {
  show: createRoute({
    method: 'get',
    path: '/v1/demo',
    summary: 'Whether a simulated shop runs here, which can be ended',
    ...common,
    responses: {
      200: { description: 'Its state', content: answered(z.object({ running: z.boolean() })) },
      ...problemResponses(400, 401, 403, 503),
    },
  }),
  end: createRoute({
    method: 'delete',
    path: '/v1/demo',
    summary: 'End the simulated shop, and take back all that was counted since it began (admin)',
    ...common,
    responses: { 204: { description: 'Nothing of it is left' }, ...problemResponses(400, 401, 403, 404, 503) },
  }),
};

export function demoRoutes(demo: Demo, clock: Clock): OpenAPIHono {
  const app = new OpenAPIHono();
  app.openapi(routes.show, async (context) => {
    const meta = await metaOfNow(clock);
    return context.json({ data: { running: await demo.canEnd() }, meta }, 200);
  });
  app.openapi(routes.end, async (context) => {
    if (!(await demo.canEnd())) {
      const detail =
        'No simulated shop runs here with which this installation was begun; `npm start -- reset` empties what there is';
      throw notFound(detail);
    }
    await demo.end();
    return context.body(null, 204);
  });
  return app;
}
