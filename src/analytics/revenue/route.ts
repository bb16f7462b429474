import { z } from '@hono/zod-openapi';
import {
  breakdownSchema,
  compareParam,
  count,
  currencyParam,
  limitParam,
  rate,
  units,
} from '../../metrics/query/params.ts';
import { pointTime, seriesSchema } from '../../metrics/query/series.ts';
import type { Question } from '../question.ts';
import { route } from '../question.ts';
import { sales } from '../shared/sales.ts';
import { queryRevenue } from './query.ts';

const shape = {
  revenue: z.number(),
  refunds: z.number(),
  net_revenue: z.number(),
  shipping: z.number().openapi({ description: 'as orders say; beside revenue, not in it' }),
  tax: z.number().openapi({ description: 'as orders say' }),
  discount: z.number().openapi({ description: 'as orders say; taken off already' }),
  orders: count,
  units,
  average_order_value: rate,
};

const revenueRoute = route({
  path: '/v1/revenue',
  summary: 'Revenue, refunds, orders and units by 15 minutes, hour or day',
  by: ['filter', 'breakdown'],
  query: z.object({
    interval: z
      .enum(['15m', 'hour', 'day'])
      .optional()
      .openapi({ description: '15m where absent; day for long or old periods' }),
    ...limitParam,
    ...currencyParam,
    ...compareParam,
  }),
  data: z.object({
    currency: z.string(),
    ...shape,
    currencies: z
      .array(z.object({ currency: z.string(), orders: count }))
      .openapi({ description: 'those in which the period has orders, the most frequent first' }),
    intervals: z
      .array(z.enum(['15m', 'hour', 'day']))
      .openapi({ description: 'those by which the period can be cut, here and elsewhere' }),
    dimensions: z
      .array(z.string())
      .openapi({ description: 'those of which a value can be asked for, and a breakdown' }),
    series: z.array(z.object({ ...pointTime, ...shape })),
    breakdown: breakdownSchema({ ...shape, series: seriesSchema(shape) }),
  }),
  grain: '15m',
  answer: async (query, context) => ({ data: await queryRevenue(query, context) }),
});

export const revenue: Question = {
  name: 'revenue',
  definitions: [sales],
  routes: [revenueRoute],
};
