import { z } from '@hono/zod-openapi';
import { cursorParam } from '../../metrics/query/paging.ts';
import { breakdownSchema, compareParam, count, intervalParam, limitParam } from '../../metrics/query/params.ts';
import { seriesSchema } from '../../metrics/query/series.ts';
import { type Question, route } from '../question.ts';
import { eventFrequenciesDefinition } from './definition.ts';
import { queryFrequencies } from './query.ts';

const eventFrequenciesRoute = route({
  path: '/v1/events/frequencies',
  summary: 'How often each event name occurred',
  by: ['filter', 'breakdown'],
  query: z.object({ ...intervalParam, ...compareParam, ...limitParam, ...cursorParam }),
  data: z.array(
    z.object({ name: z.string(), count, series: seriesSchema({ count }), breakdown: breakdownSchema({ count }) }),
  ),
  answer: queryFrequencies,
});

export const eventFrequencies: Question = {
  name: 'event-frequencies',
  definitions: [eventFrequenciesDefinition],
  routes: [eventFrequenciesRoute],
};
