import { z } from '@hono/zod-openapi';
import { cityParam, compareParam, count, currencyParam, limitParam, rate } from '../../metrics/query/params.ts';
import { type Question, route } from '../question.ts';
import { sales } from '../shared/sales.ts';
import { sessionTotals } from '../shared/sessions.ts';
import { uniqueUsers } from '../shared/unique-users.ts';
import { citiesDefinition } from './definition.ts';
import { queryCities } from './query.ts';

const citiesRoute = route({
  path: '/v1/cities',
  summary: 'Cities ranked by engagement, users, sessions, orders, revenue or conversion',
  pagedBy: ['city'],
  query: z.object({
    rank_by: z.enum(['engagement', 'users', 'sessions', 'orders', 'revenue', 'conversion']).default('engagement'),
    ...cityParam,
    ...currencyParam,
    ...limitParam,
    ...compareParam,
  }),
  data: z.array(
    z.object({
      rank: z.int(),
      previous_rank: z.int().nullable().optional().openapi({ description: 'with compare=previous' }),
      city: z.string(),
      users: count,
      sessions: count,
      events: count,
      engagement_score: count,
      orders: count,
      revenue: z.number(),
      conversion_rate: rate,
    }),
  ),
  answer: async (query, context) => ({
    data: await queryCities(query, context),
    approximate: ['users', ...(query.rank_by === 'users' ? ['rank'] : [])],
  }),
});

export const cities: Question = {
  name: 'cities',
  definitions: [citiesDefinition, sales, sessionTotals, uniqueUsers],
  routes: [citiesRoute],
};
