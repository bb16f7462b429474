import { z } from '@hono/zod-openapi';
import { limitParam, units } from '../../metrics/query/params.ts';
import type { Question } from '../question.ts';
import { route } from '../question.ts';
import { itemFilterParams } from '../shared/item-filter.ts';
import { items } from '../shared/items.ts';
import { queryRising } from './query.ts';

const risingProductsRoute = route({
  path: '/v1/products/rising',
  summary: 'Items that rise now: this hour against the same hour of the days before',
  pagedBy: ['item_id'],
  query: z.object({
    by: z.enum(['views', 'carts', 'orders', 'units']).default('views'),
    ...itemFilterParams,
    ...limitParam,
  }),
  data: z.array(
    z.object({
      rank: z.int(),
      item_id: z.string(),
      item_name: z.string().nullable(),
      now: units,
      expected: z.number(),
      score: z.number(),
    }),
  ),
  answer: async (query, context) => ({ data: await queryRising(query, context) }),
});

export const risingProducts: Question = {
  name: 'rising-products',
  definitions: [items],
  routes: [risingProductsRoute],
};
