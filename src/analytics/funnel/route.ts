import { z } from '@hono/zod-openapi';
import {
  breakdownParam,
  breakdownSchema,
  cityParam,
  compareParam,
  count,
  intervalParam,
  limitParam,
  rate,
  seriesSchema,
} from '../../metrics/query/params.ts';
import { type Question, route } from '../question.ts';
import { sessionTotals } from '../shared/sessions.ts';
import { uniqueUsers } from '../shared/unique-users.ts';
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
  query: z.object({
    funnel: z.string().default('shop'),
    mode: z.enum(['closed', 'open']).default('closed'),
    ...cityParam,
    ...intervalParam,
    ...breakdownParam,
    ...limitParam,
    ...compareParam,
  }),
  data: z.object({
    funnel: z.string(),
    funnels: z.array(z.string()).openapi({ description: 'all that there are' }),
    mode: z.enum(['closed', 'open']),
    stages: timedStages,
    all_cities: stages.optional().openapi({ description: 'beside the funnel of one city' }),
    series: seriesSchema({ stages }),
    breakdown: breakdownSchema({ stages }),
  }),
  answer: async (query, context) => ({
    data: await queryFunnel(query, context),
    approximate: approximateOf(query),
  }),
});

/** Of an open funnel everything that is shown is an estimate; of a closed one the times. */
function approximateOf({ mode, city, interval, breakdown }: FunnelQuery): string[] {
  if (mode === 'closed') return city === undefined ? ['stages.median_seconds', 'stages.p90_seconds'] : [];
  const parts = ['stages', city && 'all_cities', interval && 'series.stages', breakdown && 'breakdown.stages'];
  const fields = ['count', 'percent_of_first', 'percent_of_previous', 'drop_off'];
  return parts.flatMap((part) => (part === undefined ? [] : fields.map((field) => `${part}.${field}`)));
}

export const funnel: Question = {
  name: 'funnel',
  definitions: [funnelDefinition, sessionTotals, uniqueUsers],
  routes: [funnelRoute],
};
