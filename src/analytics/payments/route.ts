import { z } from '@hono/zod-openapi';
import { cityParam, compareParam, count, currencyParam, limitParam, rate } from '../../metrics/query/params.ts';
import { route } from '../question.ts';
import { queryPayments } from './query.ts';

export const paymentsRoute = route({
  path: '/v1/payments',
  summary: 'Orders and revenue by payment type, and its share of all orders',
  query: z.object({ ...cityParam, ...currencyParam, ...limitParam, ...compareParam }),
  data: z.array(z.object({ payment_type: z.string(), orders: count, revenue: z.number(), share: rate })),
  answer: async (query, context) => ({ data: await queryPayments(query, context) }),
});
