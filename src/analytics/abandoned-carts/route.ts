import { z } from '@hono/zod-openapi';
import { cursorParam } from '../../metrics/query/paging.ts';
import { compareParam, count, currencyParam, limitParam, units } from '../../metrics/query/params.ts';
import type { Question } from '../question.ts';
import { route } from '../question.ts';
import { items } from '../shared/items.ts';
import { abandonedCartsDefinition } from './definition.ts';
import { queryAbandonedItems, queryCarts } from './query.ts';

const cart = z.object({
  cart_id: z.string(),
  user_id: z.string(),
  city: z.string(),
  value: z.number(),
  currency: z.string(),
  items: z.array(z.object({ item_id: z.string(), quantity: units, price: z.number() })).readonly(),
  stage: z.enum(['cart', 'checkout']),
  opened_at: z.string(),
  last_activity_at: z.string(),
  abandoned_at: z.string().optional(),
  recovered_at: z.string().optional(),
});

const cartsRoute = route({
  path: '/v1/abandonment/carts',
  summary: 'Carts that opened in the period, one by one: open, abandoned, or recovered',
  by: ['filter'],
  query: z.object({
    status: z.enum(['open', 'abandoned', 'recovered']).default('open'),
    currency: currencyParam.currency.openapi({
      description: "only carts in it; with `min_value` the store's currency where absent",
    }),
    min_value: z.coerce
      .number({ error: 'must be a number' })
      .gt(0, { error: 'must be more than 0' })
      .optional()
      .openapi({ description: 'only carts worth at least so much', example: 100 }),
    ...limitParam,
    ...cursorParam,
  }),
  data: z.array(cart),
  answer: queryCarts,
});

const abandonedItemsRoute = route({
  path: '/v1/abandonment/items',
  summary: 'What lay in carts when they were abandoned',
  pagedBy: ['item_id'],
  query: z.object({
    by: z.enum(['carts', 'units', 'value']).default('carts'),
    ...currencyParam,
    ...limitParam,
    ...compareParam,
  }),
  data: z.array(
    z.object({
      rank: z.int(),
      item_id: z.string(),
      item_name: z.string().nullable(),
      carts: count,
      units,
      value: z.number(),
    }),
  ),
  answer: async (query, context) => ({ data: await queryAbandonedItems(query, context) }),
});

export const abandonedCarts: Question = {
  name: 'abandoned-carts',
  definitions: [abandonedCartsDefinition, items],
  routes: [cartsRoute, abandonedItemsRoute],
};
