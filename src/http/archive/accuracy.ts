import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import { compare } from '../../archive/accuracy/accuracy.ts';
import type { Archive } from '../../archive/archive-reader.ts';
import { BUILT_IN_NAMES } from '../../metrics/dimension.ts';
import { parsePeriod, tooLongFor, wholeDays } from '../../metrics/query/period.ts';
import { QueryProblem } from '../../metrics/query/problems.ts';
import { RequestBudget } from '../../metrics/read-budget.ts';
import type { ReadParts } from '../answer.ts';
import { answered } from '../lists/list-page.ts';
import { metaOfNow } from '../meta.ts';
import { problemResponses, queryOf } from '../schemas.ts';

/** Each date is read metric by metric. */
const MOST_DAYS = 100;

const accuracySchema = z
  .object({
    days: z
      .array(
        z.object({
          date: z.string(),
          metrics: z
            .array(
              z.object({
                metric: z.string(),
                stream: z.number(),
                batch: z.number(),
                error_percent: z.number().openapi({ description: 'what the stream is off by, of the batch' }),
                note: z.string().optional().openapi({ description: 'why it may differ, where that can be told' }),
              }),
            )
            .readonly()
            .openapi({ description: 'counts; money in minor units of the currency named, sessions in milliseconds' }),
          fetched: z.number().openapi({
            description: 'rows that were lost with a machine and fetched from the log: nobody knows how they counted',
          }),
          left_out: z
            .array(z.enum(['carts']))
            .readonly()
            .openapi({
              description:
                'what is not recounted: rows of that date do not say to which cart they belong, since they were fetched, or an earlier version wrote them',
            }),
        }),
      )
      .readonly(),
    missing: z
      .array(z.object({ log: z.string(), partition: z.string(), from: z.number(), to: z.number() }))
      .readonly()
      .openapi({
        description:
          'positions between others, the last one excluded, of which the archive has no rows: they wait on another machine, are lost with it, or are of dates that were dropped',
      }),
    stream_seconds: z.number(),
    batch_seconds: z.number(),
  })
  .openapi('Accuracy');

const accuracyRoute = createRoute({
  method: 'get',
  path: '/v1/accuracy',
  summary: 'The answers beside a recount of the archived events by SQL, metric by metric and day by day',
  tags: ['operations'],
  security: [{ key: [] }],
  request: {
    query: queryOf({
      from: z.string().optional().openapi({ description: 'date; today where absent', example: '2026-11-20' }),
      to: z.string().optional().openapi({ description: 'date, which is included', example: '2026-11-20' }),
      dimension: z
        .enum(BUILT_IN_NAMES)
        .optional()
        .openapi({ description: 'compares events, orders and sessions by its values as well', example: 'channel' }),
    }),
  },
  responses: {
    200: { description: 'Stream and batch', content: answered(accuracySchema) },
    ...problemResponses(400, 401, 403, 404, 503),
  },
});

export function accuracyRoutes(archive: Archive, parts: ReadParts): OpenAPIHono {
  const app = new OpenAPIHono();
  app.openapi(accuracyRoute, async (context) => {
    const { calendar, hourlyDays, now, heavy, store, funnels } = parts;
    const { dimension, ...asked } = context.req.valid('query');
    if (dimension !== undefined && !parts.dimensions.some(({ name }) => name === dimension))
      throw new QueryProblem('dimension', 'is none that is counted by here (DIMENSIONS)');
    const period = parsePeriod(asked, { calendar, hourlyDays, nowMs: now(), grain: 'hour' });
    wholeDays(period);
    const days = calendar.buckets('day', period.fromMs, period.toMs).map(({ label }) => label);
    if (days.length > MOST_DAYS) throw tooLongFor(MOST_DAYS);
    const { from, to } = period;
    const meta = { ...(await metaOfNow(parts)), from, to };
    const budget = new RequestBudget(heavy);
    try {
      const { reader } = store(budget);
      const addDays = (day: string, by: number): string => calendar.addDays(day, by);
      const { signal } = context.req.raw;
      const data = await compare({ from, to, dimension }, days, { archive, reader, funnels, addDays, now, signal });
      return context.json({ data, meta }, 200);
    } finally {
      budget.end();
    }
  });
  return app;
}
