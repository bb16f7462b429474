import { z } from '@hono/zod-openapi';
import { count, limitParam } from '../../metrics/query/params.ts';
import { type Question, route } from '../question.ts';
import { realtime } from '../shared/realtime.ts';
import { MAX_WINDOWS, queryLeaderboard } from './query.ts';

const leaderboardRoute = route({
  path: '/v1/leaderboard',
  summary: 'How often each action occurred in windows of five seconds, newest first',
  query: z.object({
    limit: limitParam.limit.openapi({
      description: `at most this many windows; the last hour is kept, which has ${MAX_WINDOWS}`,
    }),
  }),
  data: z.object({ windows: z.array(z.object({ start: z.string(), counts: z.record(z.string(), count) })) }),
  answer: async ({ limit }, context) => ({ data: await queryLeaderboard(limit, context) }),
});

export const leaderboard: Question = {
  name: 'leaderboard',
  definitions: [realtime],
  routes: [leaderboardRoute],
};
