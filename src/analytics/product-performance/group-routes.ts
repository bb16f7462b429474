import { z } from '@hono/zod-openapi';
import { compareParam, count, currencyParam, limitParam, rate, units } from '../../metrics/query/params.ts';
import { type Question, route } from '../question.ts';
import { categoryParams, LEVELS } from '../shared/item-filter.ts';
import { queryBrands, queryCategories } from './groups.ts';

const figures = {
  views: count,
  carts: count,
  removes: count,
  orders: count.openapi({ description: 'Σ of the items’ orders: one with two items of the category counts twice' }),
  units,
  revenue: z.number(),
  refunds: z.number(),
  view_to_cart_rate: rate,
  cart_to_order_rate: rate,
};
const COLUMNS = z.object(figures).keyof().options;

const query = {
  order: z.enum(['asc', 'desc']).optional().openapi({ description: 'desc where absent; asc for names' }),
  ...currencyParam,
  ...limitParam,
  ...compareParam,
};

const categoriesRoute = route({
  path: '/v1/categories',
  summary: 'Performance of items by a level of their category',
  pagedBy: ['category'],
  query: z.object({
    level: z.coerce
      .number()
      .int()
      .min(1)
      .max(LEVELS.length)
      .default(1)
      .openapi({ description: 'of item_category (1) to item_category5' }),
    sort: z.enum(['category', ...COLUMNS]).default('views'),
    ...query,
    ...categoryParams,
  }),
  data: z.array(z.object({ category: z.string().openapi({ description: '(none): items without one' }), ...figures })),
  answer: async ({ sort, ...asked }, context) => {
    const rows = await queryCategories({ ...asked, sort: sort === 'category' ? 'name' : sort }, context);
    return { data: rows.map(({ name, row }) => ({ category: name, ...row })) };
  },
});

const brandsRoute = route({
  path: '/v1/brands',
  summary: 'Performance of items by their brand',
  pagedBy: ['brand'],
  query: z.object({ sort: z.enum(['brand', ...COLUMNS]).default('views'), ...query }),
  data: z.array(z.object({ brand: z.string().openapi({ description: '(none): items without one' }), ...figures })),
  answer: async ({ sort, ...asked }, context) => {
    const rows = await queryBrands({ ...asked, sort: sort === 'brand' ? 'name' : sort }, context);
    return { data: rows.map(({ name, row }) => ({ brand: name, ...row })) };
  },
});

export const groupRoutes: Question['routes'] = [categoriesRoute, brandsRoute];
