import { z } from '@hono/zod-openapi';
import { idSchema } from '../../events/schema.ts';
import { cursorParam } from '../../metrics/query/paging.ts';
import { count, currencyParam, limitParam, rate, units } from '../../metrics/query/params.ts';
import { type Question, route } from '../question.ts';
import { items } from '../shared/items.ts';
import { queryPriceImpact, queryPrices, queryStockLevels } from './price-impact.ts';
import { queryInventory } from './query.ts';

const itemParam = z.object({ item_id: idSchema });

const inventoryRoute = route({
  path: '/v1/inventory',
  summary: 'Stock levels, how long they last, and what was lost while an item was out of stock',
  query: z.object({
    status: z.enum(['low', 'out']).optional().openapi({ description: 'low: at most `threshold` left; out: none' }),
    threshold: z.coerce.number().int().min(1).max(1_000_000).default(10),
    ...limitParam,
    ...cursorParam,
  }),
  data: z.array(
    z.object({
      item_id: z.string(),
      item_name: z.string().nullable(),
      stock_level: count,
      views: count,
      units,
      hours_of_stock_left: rate,
      out_of_stock_hours: count.nullable(),
      views_while_out: count.nullable(),
      lost_sales: rate,
    }),
  ),
  answer: queryInventory,
});

const side = z.object({ views: count, orders: count, units, revenue: z.number(), hours: count }).nullable();

const priceImpactRoute = route({
  path: '/v1/inventory/{item_id}/price-impact',
  summary: 'Each price change of an item with its figures in the 24 whole hours before and after',
  pagedBy: ['changed_at', 'price_after'],
  params: itemParam,
  query: z.object({ ...currencyParam, ...limitParam }),
  data: z.array(
    z.object({
      changed_at: z.string(),
      price_before: z.number().nullable(),
      price_after: z.number(),
      before: side,
      after: side,
    }),
  ),
  answer: async (query, context, { item_id }) => ({
    data: await queryPriceImpact(item_id, query, context),
  }),
});

const pricesRoute = route({
  path: '/v1/inventory/{item_id}/prices',
  summary: 'The prices that an item had, newest first',
  pagedBy: ['changed_at', 'price'],
  params: itemParam,
  query: z.object({ ...currencyParam, ...limitParam }),
  data: z.array(z.object({ changed_at: z.string(), price: z.number() })),
  answer: async (query, context, { item_id }) => ({ data: await queryPrices(item_id, query, context) }),
});

const stockLevelsRoute = route({
  path: '/v1/inventory/{item_id}/stock',
  summary: 'The stock levels that an item had, newest first',
  pagedBy: ['changed_at', 'stock_level'],
  params: itemParam,
  query: z.object({ ...limitParam }),
  data: z.array(z.object({ changed_at: z.string(), stock_level: count })),
  answer: async (query, context, { item_id }) => ({
    data: await queryStockLevels(item_id, query.limit, context),
  }),
});

export const inventory: Question = {
  name: 'inventory',
  definitions: [items],
  routes: [inventoryRoute, priceImpactRoute, pricesRoute, stockLevelsRoute],
};
