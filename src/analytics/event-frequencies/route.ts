import { z } from '@hono/zod-openapi';
import { cityParam, compareParam, count, intervalParam, limitParam, seriesSchema } from '../../metrics/query/params.ts';
import { route } from '../question.ts';
import { queryFrequencies } from './query.ts';

export const eventFrequenciesRoute = route({
  path: '/v1/events/frequencies',
  summary: 'How often each event name occurred',
  query: z.object({ ...cityParam, ...intervalParam, ...compareParam, limit: limitParam.limit.unwrap().default(100) }),
  data: z.array(z.object({ name: z.string(), count, series: seriesSchema({ count }) })),
  answer: async (query, context) => ({ data: await queryFrequencies(query, context) }),
});
