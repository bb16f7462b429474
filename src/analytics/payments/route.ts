import { z } from '@hono/zod-openapi';
import { route } from '../analytic.ts';
import { cityParam, compareParam, count, currencyParam, limitParam, rate } from '../params.ts';
import { askPayments } from './query.ts';

export const paymentsRoute = route({
  path: '/v1/payments',
  summary: 'Orders and revenue by payment type, and its share of all orders',
  query: z.object({ ...cityParam, ...currencyParam, ...limitParam, ...compareParam }),
  data: z.array(z.object({ payment_type: z.string(), orders: count, revenue: z.number(), share: rate })),
  answer: async (query, context) => ({ data: await askPayments(query, context) }),
});
