import { z } from '@hono/zod-openapi';
import { idSchema } from '../../events/schema.ts';
import { cursorParam } from '../../metrics/query/paging.ts';
import { compareParam, count, currencyParam, limitParam, rate, units } from '../../metrics/query/params.ts';
import { type Question, route } from '../question.ts';
import { itemFilterParams } from '../shared/item-filter.ts';
import { items } from '../shared/items.ts';
import { groupRoutes } from './group-routes.ts';
import { queryProduct, queryProducts } from './query.ts';

const title = z.string().nullable();

const row = z.object({
  item_id: z.string(),
  item_name: title,
  category: title,
  category2: title,
  category3: title,
  category4: title,
  category5: title,
  brand: title,
  variant: title,
  views: count,
  carts: count,
  removes: count,
  orders: count,
  units,
  revenue: z.number(),
  refunds: z.number(),
  view_to_cart_rate: rate,
  cart_to_order_rate: rate,
  stock_level: count.nullable(),
  price: z.number().nullable(),
});

const productsRoute = route({
  path: '/v1/products',
  summary: 'Performance of every item of the period, sorted by any column',
  query: z.object({
    sort: row.keyof().default('views'),
    order: z.enum(['asc', 'desc']).optional().openapi({ description: 'desc where absent; asc for texts' }),
    ...itemFilterParams,
    ...currencyParam,
    ...limitParam,
    ...cursorParam,
    ...compareParam,
  }),
  data: z.array(row),
  answer: queryProducts,
});

const productRoute = route({
  path: '/v1/products/{item_id}',
  summary: 'Performance of one item',
  params: z.object({ item_id: idSchema }),
  query: z.object({ ...currencyParam, ...compareParam }),
  data: row,
  answer: async (query, context, { item_id }) => ({
    data: await queryProduct(item_id, query.currency, context),
  }),
});

export const productPerformance: Question = {
  name: 'product-performance',
  definitions: [items],
  routes: [productsRoute, productRoute, ...groupRoutes],
};
