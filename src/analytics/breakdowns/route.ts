import { z } from '@hono/zod-openapi';
import { compareParam, count, currencyParam, limitParam, rate, valueNames } from '../../metrics/query/params.ts';
import { windowsOf } from '../../metrics/query/period.ts';
import { NotFound } from '../../metrics/query/problems.ts';
import { type QueryContext, type Question, route } from '../question.ts';
import { sales } from '../shared/sales.ts';
import { sessionTotals } from '../shared/sessions.ts';
import { uniqueUsers } from '../shared/unique-users.ts';
import { estimatedIn } from '../shared/user-numbers.ts';
import { breakdownsDefinition } from './definition.ts';
import { queryBreakdown } from './query.ts';

const sums = {
  sessions: count,
  events: count,
  engagement_score: count,
  orders: count,
  revenue: z.number(),
  conversion_rate: rate.openapi({ description: 'orders / sessions; above 1 where sessions have several orders' }),
  purchasing_sessions: count,
  session_conversion_rate: rate.openapi({ description: 'purchasing_sessions / sessions' }),
};

const figures = { users: count, ...sums };

const rankedBy = {
  rank_by: z.enum(['engagement', 'users', 'sessions', 'orders', 'revenue', 'conversion']).default('engagement'),
  ...currencyParam,
  ...limitParam,
  ...compareParam,
};

const ranks = {
  rank: z.int(),
  previous_rank: z.int().nullable().optional().openapi({ description: 'with `compare`' }),
  previous: z.object(sums).optional().openapi({ description: 'what the value had then, with `compare`' }),
};

function approximate({ rank_by: by }: { readonly rank_by: string }, context: QueryContext): string[] {
  const { period, calendar, comparedWith } = context;
  const before =
    comparedWith && by === 'users' ? estimatedIn(windowsOf(comparedWith, calendar), ['previous_rank']) : [];
  return [...estimatedIn(windowsOf(period, calendar), ['users', by === 'users' ? 'rank' : undefined]), ...before];
}

const citiesRoute = route({
  path: '/v1/cities',
  summary: 'Cities ranked by engagement, users, sessions, orders, revenue or conversion',
  pagedBy: ['city'],
  by: ['filter'],
  // How cities stand to each other is not kept by another dimension.
  filters: ['city'],
  query: z.object(rankedBy),
  data: z.array(z.looseObject({ ...ranks, city: z.string(), ...figures })),
  answer: async (query, context) => ({
    data: (await queryBreakdown('city', query, context)).map((row) => ({ ...row, city: String(row['city']) })),
    approximate: approximate(query, context),
  }),
});

const breakdownRoute = route({
  path: '/v1/breakdowns/{dimension}',
  summary: 'Values of a dimension (DIMENSIONS), ranked as cities are',
  pagedBy: { part: 'dimension' },
  params: z.object({ dimension: z.string() }),
  query: z.object(rankedBy),
  data: z.array(z.looseObject({ ...ranks, ...valueNames, ...figures })),
  answer: async (query, context, { dimension }) => {
    const names = context.dimensions.map(({ name }) => name);
    if (!names.includes(dimension))
      throw new NotFound(`there is no dimension ${dimension}; there are ${names.join(', ')}`);
    return { data: await queryBreakdown(dimension, query, context), approximate: approximate(query, context) };
  },
});

export const breakdowns: Question = {
  name: 'breakdowns',
  definitions: [breakdownsDefinition, sales, sessionTotals, uniqueUsers],
  routes: [citiesRoute, breakdownRoute],
};
