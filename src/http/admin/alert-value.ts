import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import { newestEnd } from '../../alerts/engine.ts';
import type { Metrics, MetricValue } from '../../alerts/ports.ts';
import { type RuleInput, ruleInput } from '../../alerts/rule.ts';
import { answered } from '../lists/list-page.ts';
import { type Clock, metaOfNow } from '../meta.ts';
import { badRequest } from '../problems.ts';
import { problemResponses, queryOf } from '../schemas.ts';

type Watched = Pick<RuleInput, 'answer' | 'field' | 'filter' | 'over_minutes'>;

const { answer, field, over_minutes } = ruleInput.shape;
const route = createRoute({
  method: 'get',
  path: '/v1/alerts/value',
  summary: 'What an alert would look at: the number as it is now',
  tags: ['alerts'],
  security: [{ key: [] }],
  request: {
    query: queryOf({
      answer,
      field,
      filter: z
        .string()
        .max(2_048)
        .default('')
        .openapi({ description: 'parameters of the answer, as its address has them', example: 'city=Oslo' }),
      over_minutes: z.coerce
        .number()
        .pipe(over_minutes.unwrap())
        .optional()
        .openapi({ description: 'of how long a time that is over; absent: as it stands now, today', example: 60 }),
    }),
  },
  responses: {
    200: {
      description: 'The number',
      content: answered(
        z.object({
          value: z
            .number()
            .nullable()
            .openapi({ description: 'null where nobody can tell, such as the rate of nothing' }),
        }),
      ),
    },
    ...problemResponses(400, 401, 403, 503),
  },
});

export function alertValueRoutes(metrics: Metrics, clock: Clock): OpenAPIHono {
  const app = new OpenAPIHono();
  app.openapi(route, async (context) => {
    const { filter, ...asked } = context.req.valid('query');
    const read = await watchedValue(
      { ...asked, filter: Object.fromEntries(new URLSearchParams(filter)) },
      metrics,
      clock,
    );
    if (read.outcome === 'wrong') throw badRequest(`${read.problem.path}: ${read.problem.message}`, [read.problem]);
    const value = read.outcome === 'value' ? read.value : null;
    return context.json({ data: { value }, meta: await metaOfNow(clock) }, 200);
  });
  return app;
}

/** As an alert looks at it: over a time that is over, or as it stands now. */
export async function watchedValue(watched: Watched, metrics: Metrics, { calendar, now }: Clock): Promise<MetricValue> {
  const { over_minutes: over } = watched;
  if (over === undefined) return metrics.value(watched, undefined);
  const step = metrics.stepMinutes(watched.answer) ?? 15;
  if (over % step !== 0)
    return {
      outcome: 'wrong',
      problem: { path: 'over_minutes', message: `must be a multiple of ${step} for this answer` },
    };
  const toMs = await newestEnd(watched.answer, { metrics, calendar, now });
  return metrics.value(watched, { fromMs: toMs - over * 60_000, toMs });
}
