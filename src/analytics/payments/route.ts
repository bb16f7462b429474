import { z } from '@hono/zod-openapi';
import { breakdownSchema, compareParam, count, currencyParam, limitParam, rate } from '../../metrics/query/params.ts';
import type { Question } from '../question.ts';
import { route } from '../question.ts';
import { paymentsDefinition } from './definition.ts';
import { queryPayments } from './query.ts';

const paymentsRoute = route({
  path: '/v1/payments',
  summary: 'Orders and revenue by payment type, and its share of all orders',
  pagedBy: ['payment_type'],
  by: ['filter', 'breakdown'],
  query: z.object({ ...currencyParam, ...limitParam, ...compareParam }),
  data: z.array(
    z.object({
      payment_type: z.string(),
      orders: count,
      revenue: z.number(),
      share: rate,
      breakdown: breakdownSchema({ orders: count, revenue: z.number() }),
    }),
  ),
  answer: async (query, context) => ({ data: await queryPayments(query, context) }),
});

export const payments: Question = {
  name: 'payments',
  definitions: [paymentsDefinition],
  routes: [paymentsRoute],
};
