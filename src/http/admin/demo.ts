import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import { answered } from '../lists/list-page.ts';
import { type Clock, metaOfNow } from '../meta.ts';
import { notFound } from '../problems.ts';
import { problemResponses, queryOf } from '../schemas.ts';

export interface DemoState {
  /** Events of it come in from this process. */
  readonly running: boolean;
  /** This installation was begun with it, and nothing was taken back: its events are in the answers. */
  readonly counted: boolean;
  /** This process can take back all that there is. */
  readonly canEnd: boolean;
}

/** The simulated shop of this installation. */
export interface Demo {
  state(): Promise<DemoState>;
  /** Stops it, and takes back all that there is. */
  end(): Promise<void>;
}

const common = { tags: ['operations'], security: [{ key: [] }], request: { query: queryOf({}) } };

const demoState = z.object({
  running: z.boolean(),
  counted: z.boolean().openapi({ description: 'its events are in the answers, also where it no longer runs' }),
  can_end: z.boolean().openapi({ description: 'whether DELETE takes them back; else `npm start -- reset` does' }),
});

const routes = {
  show: createRoute({
    method: 'get',
    path: '/v1/demo',
    summary: 'Whether a simulated shop runs here, and whether its events are in the answers',
    ...common,
    responses: {
      200: { description: 'Its state', content: answered(demoState) },
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
    const { running, counted, canEnd } = await demo.state();
    return context.json({ data: { running, counted, can_end: canEnd }, meta }, 200);
  });
  app.openapi(routes.end, async (context) => {
    if (!(await demo.state()).canEnd) {
      const detail = 'Nothing of a simulated shop can be taken back here; `npm start -- reset` empties what there is';
      throw notFound(detail);
    }
    await demo.end();
    return context.body(null, 204);
  });
  return app;
}
