import { z } from '@hono/zod-openapi';
import { breakdownSchema, compareParam, count, intervalParam, limitParam, rate } from '../../metrics/query/params.ts';
import { windowsOf } from '../../metrics/query/period.ts';
import { seriesSchema } from '../../metrics/query/series.ts';
import { type Question, route } from '../question.ts';
import { sessionTotals } from '../shared/sessions.ts';
import { uniqueUsers } from '../shared/unique-users.ts';
import { estimatedIn } from '../shared/user-numbers.ts';
import { newUsersDefinition } from './definition.ts';
import { querySessions } from './query.ts';

const shape = {
  sessions: count,
  average_session_seconds: rate,
  events_per_session: rate,
  bounce_rate: rate,
  purchasing_sessions: count,
  session_conversion_rate: rate,
  new_users: count,
  returning_users: count,
  by_stage: z.array(z.object({ stage: z.string(), reached: count, ended_here: count })),
};

const sessionsRoute = route({
  path: '/v1/sessions',
  summary: 'Sessions: how many, how long, how far they came, and whose they were',
  by: ['filter', 'breakdown'],
  query: z.object({ funnel: z.string().default('shop'), ...intervalParam, ...limitParam, ...compareParam }),
  data: z.object({ ...shape, series: seriesSchema(shape), breakdown: breakdownSchema(shape) }),
  answer: async (query, context) => ({
    data: await querySessions(query, context),
    approximate: estimatedIn(windowsOf(context.period, context.calendar), [
      'returning_users',
      context.breakdown && 'breakdown.returning_users',
    ]),
  }),
});

export const sessions: Question = {
  name: 'sessions',
  definitions: [newUsersDefinition, sessionTotals, uniqueUsers],
  routes: [sessionsRoute],
};
