import { z } from '@hono/zod-openapi';
import { idSchema } from '../../events/schema.ts';
import { breakdownSchema, compareParam, count, intervalParam, limitParam, rate } from '../../metrics/query/params.ts';
import { windowsOf } from '../../metrics/query/period.ts';
import { seriesSchema } from '../../metrics/query/series.ts';
import { type Question, route } from '../question.ts';
import { sessionTotals } from '../shared/sessions.ts';
import { uniqueUsers } from '../shared/unique-users.ts';
import { estimatedIn } from '../shared/user-numbers.ts';
import { engagementDefinition } from './definition.ts';
import { queryEngagement, queryInteractions } from './query.ts';

const shape = {
  active_users: count,
  sessions: count,
  events: count,
  events_per_session: rate,
  average_session_seconds: rate,
  bounce_rate: rate,
};

const engagementRoute = route({
  path: '/v1/engagement',
  summary: 'Active users, sessions, their length and bounces',
  by: ['filter', 'breakdown'],
  query: z.object({ ...intervalParam, ...limitParam, ...compareParam }),
  data: z.object({ ...shape, series: seriesSchema(shape), breakdown: breakdownSchema(shape) }),
  answer: async (query, context) => ({
    data: await queryEngagement(query, context),
    approximate: estimatedIn(windowsOf(context.period, context.calendar), [
      'active_users',
      context.breakdown && 'breakdown.active_users',
    ]),
  }),
});

const interactionsRoute = route({
  path: '/v1/users/{user_id}/interactions',
  summary: 'The newest interactions of a user',
  pagedBy: ['event_id'],
  params: z.object({ user_id: idSchema }),
  query: z.object({ ...limitParam }),
  withoutFrom: 'everything',
  data: z.array(
    z.object({ event_id: z.string(), name: z.string(), timestamp: z.string(), item_id: z.string().optional() }),
  ),
  answer: async (query, context, { user_id }) => ({
    data: await queryInteractions(user_id, query.limit, context),
  }),
});

export const engagement: Question = {
  name: 'engagement',
  definitions: [engagementDefinition, sessionTotals, uniqueUsers],
  routes: [engagementRoute, interactionsRoute],
};
