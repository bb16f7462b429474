import { z } from '@hono/zod-openapi';
import { breakdownSchema, compareParam, count, intervalParam, limitParam, rate } from '../../metrics/query/params.ts';
import { windowsOf } from '../../metrics/query/period.ts';
import { seriesSchema } from '../../metrics/query/series.ts';
import { type QueryContext, type Question, route } from '../question.ts';
import { sessionTotals } from '../shared/sessions.ts';
import { uniqueUsers } from '../shared/unique-users.ts';
import { estimatedIn } from '../shared/user-numbers.ts';
import { funnelDefinition } from './definition.ts';
import { type FunnelQuery, queryFunnel } from './query.ts';

const stage = z.object({
  stage: z.string(),
  count,
  percent_of_first: z.number().nullable(),
  percent_of_previous: z.number().nullable(),
  drop_off: count,
});
const stages = z.array(stage);
/** From the stage before, of closed funnels over all cities; out of a histogram, right within 9 %. */
const timedStages = z.array(stage.extend({ median_seconds: rate.optional(), p90_seconds: rate.optional() }));

const funnelRoute = route({
  path: '/v1/funnel',
  summary: 'Sessions (closed) or users (open) at each stage of a funnel',
  by: ['filter', 'breakdown'],
  query: z.object({
    funnel: z.string().default('shop'),
    mode: z.enum(['closed', 'open']).default('closed'),
    ...intervalParam,
    ...limitParam,
    ...compareParam,
  }),
  data: z.object({
    funnel: z.string(),
    funnels: z.array(z.string()).openapi({ description: 'all that there are' }),
    mode: z.enum(['closed', 'open']),
    stages: timedStages,
    all_cities: stages
      .optional()
      .openapi({ description: 'over all, beside the funnel of one city or of another dimension value' }),
    series: seriesSchema({ stages }),
    breakdown: breakdownSchema({ stages }),
  }),
  answer: async (query, context) => ({
    data: await queryFunnel(query, context),
    approximate: approximateOf(query, context),
  }),
});

/** Of an open funnel over several days all that is about these together; of a closed one the times. */
function approximateOf({ mode }: FunnelQuery, { filter, breakdown, period, calendar }: QueryContext): string[] {
  if (mode === 'closed') return filter === undefined ? ['stages.median_seconds', 'stages.p90_seconds'] : [];
  const windows = windowsOf(period, calendar);
  const parts = estimatedIn(windows, ['stages', filter && 'all_cities', breakdown && 'breakdown.stages']);
  const fields = ['count', 'percent_of_first', 'percent_of_previous', 'drop_off'];
  return parts.flatMap((part) => fields.map((field) => `${part}.${field}`));
}

export const funnel: Question = {
  name: 'funnel',
  definitions: [funnelDefinition, sessionTotals, uniqueUsers],
  routes: [funnelRoute],
};
