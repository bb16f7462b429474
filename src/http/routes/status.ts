import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import { RULE_NAMES, repairTally } from '../../events/repairs/rules.ts';
import { HELD } from '../../fold/tallies.ts';
import type { PipelineMonitor } from '../../ingestion/monitor.ts';
import type { Headroom } from '../../ingestion/ports/headroom.ts';
import { listedDeadLetter, type StatusStore } from '../../ingestion/ports/status-store.ts';
import { answered, listPage, listQuery } from '../lists/list-page.ts';
import { namedBy } from '../lists/row-pages.ts';
import { type Clock, inStoreTime, metaOfNow } from '../meta.ts';
import { problemResponses, queryOf } from '../schemas.ts';

const pipelineSchema = z
  .object({
    lag_events: z.int(),
    partitions: z.array(
      z.object({ topic: z.string(), partition: z.int(), position: z.string(), end: z.string(), lag: z.int() }),
    ),
    events_per_second: z.number(),
    freshness_ms: z.object({ p50: z.number().nullable(), p99: z.number().nullable() }),
    memory: z.array(z.object({ family: z.string(), keys: z.int(), bytes: z.int() })).readonly(),
    events: z.int(),
    outbox: z
      .object({ waiting: z.int(), paused: z.array(z.int()).readonly() })
      .openapi({ description: 'messages about carts that wait, and partitions of which counting pauses for them' }),
    store_full: z
      .string()
      .nullable()
      .openapi({ description: 'why counting pauses: Redis or the disk under it has no room; null where it has' }),
    rejected: z.int(),
    repairs: z
      .record(z.string(), z.int())
      .openapi({ description: 'events that each rule of repairs was applied to', example: { number_as_text: 3 } }),
    ignored: z.int().openapi({
      description:
        'what was sent that is no event and no fault, such as GA4’s clearing push or Tag Manager’s own events',
    }),
    bots: z
      .int()
      .openapi({ description: 'events that known bots sent by the ways of browsers; they are in no answer' }),
    duplicates: z.int(),
    wrong_partition: z.int(),
    unknown_refunds: z.int(),
    refunds_beyond: z.int().openapi({
      description:
        'refunds of which a part, or all, went beyond what was left of their order; that part is in no answer',
    }),
    orders_taken_back: z.int().openapi({
      description: 'reports of an order that count no longer, since somebody else’s report of it stays',
    }),
    events_held: z.int().openapi({
      description: 'events that wait for the session of a guest who signs in; they are in lag_events as well',
    }),
    missing: z.int().openapi({ description: 'records that the log had forgotten before they were counted' }),
    saturated: z.int().openapi({ description: 'additions to a sum that had reached 9 × 10¹⁵, where sums stop' }),
  })
  .openapi('Pipeline');

const deadLetterSchema = z.object(listedDeadLetter.shape).openapi('DeadLetter');

const security = [{ key: [] }];

const pipelineRoute = createRoute({
  method: 'get',
  path: '/v1/pipeline',
  summary: 'Lag, throughput, freshness, memory, and what was not counted',
  tags: ['operations'],
  security,
  request: { query: queryOf({}) },
  responses: {
    200: { description: 'Where counting stands', content: answered(pipelineSchema) },
    ...problemResponses(400, 401, 403, 503),
  },
});

const deadLettersRoute = createRoute({
  method: 'get',
  path: '/v1/dead-letters',
  summary: 'The last messages that could not be counted, newest first (admin)',
  tags: ['operations'],
  security,
  request: { query: listQuery },
  responses: {
    200: { description: 'Messages with reasons', content: answered(z.array(deadLetterSchema)) },
    ...problemResponses(400, 401, 403, 503),
  },
});

export interface StatusParts {
  readonly monitor: Pick<PipelineMonitor, 'check' | 'asOf' | 'eventsPerSecond' | 'freshness'>;
  readonly status: StatusStore;
  readonly headroom: Headroom;
}

export function statusRoutes({ monitor, status, headroom }: StatusParts, clock: Clock): OpenAPIHono {
  const app = new OpenAPIHono();
  app.openapi(pipelineRoute, async (context) => {
    const { lag, partitions, tallies, outbox, asOfMs } = await monitor.check();
    const tally = (name: string): number => tallies.get(name) ?? 0;
    const data = {
      lag_events: lag,
      partitions,
      events_per_second: monitor.eventsPerSecond(),
      freshness_ms: monitor.freshness(),
      memory: status.memory(),
      events: tally('events'),
      outbox,
      store_full: headroom.full() ?? null,
      rejected: tally('rejected'),
      repairs: Object.fromEntries(RULE_NAMES.map((rule) => [rule, tally(repairTally(rule))])),
      ignored: tally('ignored'),
      bots: tally('bots'),
      duplicates: tally('duplicates'),
      wrong_partition: tally('wrong_partition'),
      unknown_refunds: tally('unknown_refunds'),
      refunds_beyond: tally('refunds_beyond'),
      orders_taken_back: tally('orders_taken_back'),
      events_held: tally(HELD),
      missing: tally('missing'),
      saturated: tally('saturated'),
    };
    return context.json({ data, meta: await metaOfNow({ ...clock, asOf: async () => asOfMs }) }, 200);
  });
  app.openapi(deadLettersRoute, async (context) => {
    const read = async (rows: number) =>
      (await status.deadLetters(rows)).map((letter) => ({ ...letter, at: inStoreTime(clock, letter.at) }));
    const name = namedBy(['topic', 'partition', 'position', 'reason']);
    return context.json(await listPage('/v1/dead-letters', context.req.valid('query'), clock, read, name), 200);
  });
  return app;
}
