import { z } from '@hono/zod-openapi';
import { count } from '../../metrics/query/params.ts';
import type { Question } from '../question.ts';
import { route } from '../question.ts';
import { realtime } from '../shared/realtime.ts';
import { MAX_WINDOWS, queryLeaderboard } from './query.ts';

const leaderboardRoute = route({
  path: '/v1/leaderboard',
  summary: 'How often each action occurred in windows of five seconds, newest first',
  query: z.object({
    limit: z.coerce
      .number()
      .int()
      .min(1)
      .max(MAX_WINDOWS)
      .default(10)
      .openapi({ description: 'windows; the last hour is kept' }),
  }),
  data: z.object({ windows: z.array(z.object({ start: z.string(), counts: z.record(z.string(), count) })) }),
  answer: async ({ limit }, context) => ({ data: await queryLeaderboard(limit, context) }),
});

export const leaderboard: Question = {
  name: 'leaderboard',
  definitions: [realtime],
  routes: [leaderboardRoute],
};
