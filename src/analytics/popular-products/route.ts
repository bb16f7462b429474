import { z } from '@hono/zod-openapi';
import { compareParam, currencyParam, limitParam } from '../../metrics/query/params.ts';
import type { Question } from '../question.ts';
import { route } from '../question.ts';
import { itemFilterParams } from '../shared/item-filter.ts';
import { items } from '../shared/items.ts';
import { queryPopularProducts } from './query.ts';

const popularProductsRoute = route({
  path: '/v1/products/popular',
  summary: 'The most viewed, carted, ordered or bought items',
  pagedBy: ['item_id'],
  query: z.object({
    by: z.enum(['views', 'carts', 'orders', 'units', 'revenue']).default('views'),
    ...itemFilterParams,
    ...currencyParam,
    ...limitParam,
    ...compareParam,
  }),
  data: z.array(z.object({ rank: z.int(), item_id: z.string(), item_name: z.string().nullable(), score: z.number() })),
  answer: queryPopularProducts,
});

export const popularProducts: Question = {
  name: 'popular-products',
  definitions: [items],
  routes: [popularProductsRoute],
};
