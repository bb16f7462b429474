import { z } from '@hono/zod-openapi';
import { type Question, route } from '../../../src/analytics/question.ts';
import { sales } from '../../../src/analytics/shared/sales.ts';
import { compareParam, count, rate } from '../../../src/metrics/query/params.ts';
import { couponsDefinition } from './definition.ts';
import { queryCoupons } from './query.ts';

const couponsRoute = route({
  path: '/v1/coupons',
  summary: 'How many coupons were used, and how many for each order',
  by: ['filter'],
  query: z.object(compareParam),
  data: z.object({ used: count, orders: count, used_per_order: rate }),
  answer: async (_, context) => ({ data: await queryCoupons(context) }),
});

export const coupons: Question = {
  name: 'coupons',
  definitions: [couponsDefinition, sales],
  routes: [couponsRoute],
};
