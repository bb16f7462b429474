import { z } from '@hono/zod-openapi';
import { count } from '../../metrics/query/params.ts';
import type { Question } from '../question.ts';
import { route } from '../question.ts';
import { realtime } from '../shared/realtime.ts';
import { sales } from '../shared/sales.ts';
import { queryLive } from './query.ts';

const liveRoute = route({
  path: '/v1/live',
  summary: 'Server-sent events: one snapshot of the shop a second',
  query: z.object({}),
  stream: { event: 'snapshot', everyMs: 1_000 },
  data: z.object({
    active_users: count.openapi({ description: 'in the last five minutes' }),
    events_per_second: z.number(),
    window: z
      .object({ start: z.string(), counts: z.record(z.string(), count) })
      .openapi({ description: 'how often each action occurred in the newest closed window of five seconds' }),
    open_carts: count,
    open_carts_value: z.number(),
    orders_today: count,
    revenue_today: z.number(),
    refunds_today: z.number(),
    currency: z.string(),
  }),
  answer: async (_, context) => ({ data: await queryLive(context) }),
});

export const live: Question = {
  name: 'live',
  definitions: [sales, realtime],
  routes: [liveRoute],
};
