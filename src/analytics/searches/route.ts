import { z } from '@hono/zod-openapi';
import { breakdownSchema, compareParam, count, limitParam, rate } from '../../metrics/query/params.ts';
import type { Question } from '../question.ts';
import { route } from '../question.ts';
import { searchesDefinition } from './definition.ts';
import { querySearches } from './query.ts';

const figures = { count, no_results: count, clicks: count, click_through_rate: rate };

const searchesRoute = route({
  path: '/v1/searches',
  summary: 'Search terms by count, by searches without results, or by clicks that followed',
  pagedBy: ['search_term'],
  by: ['filter', 'breakdown'],
  query: z.object({
    by: z.enum(['count', 'no_results', 'clicks']).default('count'),
    ...limitParam,
    ...compareParam,
  }),
  data: z.array(z.object({ search_term: z.string(), ...figures, breakdown: breakdownSchema(figures) })),
  answer: querySearches,
});

export const searches: Question = {
  name: 'searches',
  definitions: [searchesDefinition],
  routes: [searchesRoute],
};
