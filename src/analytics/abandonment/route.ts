import { z } from '@hono/zod-openapi';
import {
  breakdownSchema,
  compareParam,
  count,
  currencyParam,
  intervalParam,
  limitParam,
  rate,
} from '../../metrics/query/params.ts';
import { seriesSchema } from '../../metrics/query/series.ts';
import type { Question } from '../question.ts';
import { route } from '../question.ts';
import { abandonmentDefinition } from './definition.ts';
import { queryAbandonment } from './query.ts';

const shape = {
  carts: count,
  purchased: count,
  emptied: count,
  abandoned: count,
  open: count,
  recovered: count,
  abandonment_rate: rate,
  abandoned_value: z.number(),
  recovered_value: z.number(),
  lost_value: z.number(),
  abandoned_by_stage: z.object({ cart: count, checkout: count }),
};

const abandonmentRoute = route({
  path: '/v1/abandonment',
  summary: 'How carts ended, by the time in which they opened',
  by: ['filter', 'breakdown'],
  query: z.object({
    ...currencyParam,
    ...intervalParam,
    ...limitParam,
    ...compareParam,
  }),
  data: z.object({
    ...shape,
    median_recovery_seconds: rate.optional(),
    p90_recovery_seconds: rate.optional(),
    series: seriesSchema(shape),
    breakdown: breakdownSchema({ ...shape, series: seriesSchema(shape) }),
  }),
  answer: async (query, context) => ({
    data: await queryAbandonment(query, context),
    approximate: context.filter === undefined ? ['median_recovery_seconds', 'p90_recovery_seconds'] : [],
  }),
});

export const abandonment: Question = {
  name: 'abandonment',
  definitions: [abandonmentDefinition],
  routes: [abandonmentRoute],
};
