import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import { idSchema } from '../../events/schema.ts';
import { eraseRecord } from '../../ingestion/control-records.ts';
import type { EventLog } from '../../ingestion/ports/event-log.ts';
import { answered } from '../lists/list-page.ts';
import { type Clock, metaOfNow } from '../meta.ts';
import { unavailable } from '../problems.ts';
import { problemResponses, queryOf } from '../schemas.ts';

const params = z.object({ user_id: idSchema });

const eraseRoute = createRoute({
  method: 'delete',
  path: '/v1/users/{user_id}',
  summary: 'Erase what is kept of a user, by a record in the log (admin)',
  tags: ['operations'],
  security: [{ key: [] }],
  request: { params, query: queryOf({}) },
  responses: {
    202: {
      description: 'The log has it; done once `lag_events` is 0',
      content: answered(z.object({ user_id: z.string() })),
    },
    ...problemResponses(400, 401, 403, 503),
  },
});

export function userRoutes(log: Pick<EventLog, 'partitions' | 'append'>, clock: Clock): OpenAPIHono {
  const app = new OpenAPIHono();
  app.openapi(eraseRoute, async (context) => {
    const { user_id: userId } = context.req.valid('param');
    // Before anything is done, so that no answer about what was done fails for it.
    const meta = await metaOfNow(clock);
    // In every partition: producers of one's own may have placed the user's events anywhere.
    const partitions = log.partitions.filter(({ topic }) => topic === 'events');
    const outcomes = await log.append(partitions.map((partition) => eraseRecord(partition, userId)));
    if (outcomes.some(({ outcome }) => outcome === 'failed'))
      throw unavailable('The event log did not take the erasure everywhere; send it again');
    return context.json({ data: { user_id: userId }, meta }, 202);
  });
  return app;
}
