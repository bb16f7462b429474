import { z } from '@hono/zod-openapi';
import { type Question, route } from '../../../src/analytics/question.ts';
import { sales } from '../../../src/analytics/shared/sales.ts';
import { compareParam, count, rate } from '../../../src/metrics/query/params.ts';
import { vouchersDefinition } from './definition.ts';
import { queryVouchers } from './query.ts';

const vouchersRoute = route({
  path: '/v1/vouchers',
  summary: 'How many vouchers were used, and how many for each order',
  by: ['filter'],
  query: z.object(compareParam),
  data: z.object({ used: count, orders: count, used_per_order: rate }),
  answer: async (_, context) => ({ data: await queryVouchers(context) }),
});

export const vouchers: Question = {
  name: 'vouchers',
  definitions: [vouchersDefinition, sales],
  routes: [vouchersRoute],
};
