import { z } from '@hono/zod-openapi';
import { compareParam, count, currencyParam, limitParam } from '../../metrics/query/params.ts';
import { type Question, route } from '../question.ts';
import { couponsDefinition } from './definition.ts';
import { queryCoupons } from './query.ts';

const couponsRoute = route({
  path: '/v1/coupons',
  summary: 'Orders, revenue and discounts by coupon',
  pagedBy: ['coupon'],
  query: z.object({
    by: z.enum(['orders', 'revenue', 'discount']).default('orders'),
    ...currencyParam,
    ...limitParam,
    ...compareParam,
  }),
  data: z.array(
    z.object({
      coupon: z.string().openapi({ description: '(none): orders without one' }),
      orders: count,
      revenue: z.number(),
      discount: z.number(),
    }),
  ),
  answer: async (query, context) => ({ data: await queryCoupons(query, context) }),
});

export const coupons: Question = {
  name: 'coupons',
  definitions: [couponsDefinition],
  routes: [couponsRoute],
};
