import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import type { MiddlewareHandler } from 'hono';
import { queryInteractions } from '../../analytics/engagement/query.ts';
import type { Archive, ArchiveTable } from '../../archive/archive-reader.ts';
import { quoted } from '../../archive/sql.ts';
import { idSchema } from '../../events/schema.ts';
import type { Erasures } from '../../imports/erasures.ts';
import { eraseRecord, releaseRecord } from '../../ingestion/control-records.ts';
import type { EventLog } from '../../ingestion/ports/event-log.ts';
import { listedDeadLetter, type StatusStore } from '../../ingestion/ports/status-store.ts';
import type { UserRecords } from '../../ingestion/ports/user-records.ts';
import { everythingUntil } from '../../metrics/query/period.ts';
import { BOUNDLESS_BUDGET } from '../../metrics/read-budget.ts';
import type { ReadParts } from '../answer.ts';
import { answered } from '../lists/list-page.ts';
import { inStoreTime, metaOfNow } from '../meta.ts';
import { unavailable } from '../problems.ts';
import { problemResponses, queryOf } from '../schemas.ts';

/** Of somebody who does something every hour, more than a year. */
const MOST_EVENTS = 10_000;

const params = z.object({ user_id: idSchema });

const eraseRoute = createRoute({
  method: 'delete',
  path: '/v1/users/{user_id}',
  summary: 'Erase what is kept of a user, by a record in the log (admin)',
  tags: ['operations'],
  security: [{ key: [] }],
  request: { params, query: queryOf({}) },
  responses: {
    202: {
      description: 'The log has it; done once `lag_events` is 0',
      content: answered(z.object({ user_id: z.string() })),
    },
    ...problemResponses(400, 401, 403, 503),
  },
});

const moment = z.string().openapi({ description: 'ISO 8601, in the time zone of the store' });
const cart = z.object({
  cart_id: z.string(),
  city: z.string(),
  value: z.number(),
  currency: z.string(),
  items: z.array(z.object({ item_id: z.string(), quantity: z.number(), price: z.number() })).readonly(),
  stage: z.enum(['cart', 'checkout']),
  opened_at: moment,
  last_activity_at: moment,
  abandoned_at: moment.optional(),
  recovered_at: moment.optional(),
});
const exportSchema = z
  .object({
    user_id: z.string(),
    last_session_began_at: moment.optional(),
    first_bought_at: moment.optional().openapi({ description: 'where the dimension customer is counted' }),
    guests: z.array(z.string()).readonly().openapi({
      description: 'as whom they came before they signed in: what is kept of these is asked for under these ids',
    }),
    sessions: z.array(
      z.object({
        session_id: z.string().optional(),
        city: z.string(),
        first_at: moment,
        last_at: moment,
        events: z.int(),
        searches: z.array(z.object({ search_term: z.string(), at: moment })),
      }),
    ),
    counted_in: z
      .array(z.object({ hour: moment, cities: z.array(z.string()) }))
      .openapi({ description: 'hours of the last days in which they count as a user' }),
    orders: z.array(
      z.object({
        transaction_id: z.string(),
        currency: z.string(),
        revenue: z.number(),
        refunded: z.number(),
        units: z.number(),
        items: z.array(z.object({ item_id: z.string(), units: z.number() })),
      }),
    ),
    carts: z.array(cart),
    interactions: z.array(
      z.object({ event_id: z.string(), name: z.string(), timestamp: moment, item_id: z.string().optional() }),
    ),
    dead_letters: z.array(listedDeadLetter),
    deliveries: z.array(z.object({ id: z.string(), type: z.string(), cart_id: z.string(), state: z.string() })),
    archived_events: z
      .array(z.record(z.string(), z.unknown()))
      .readonly()
      .openapi({
        description: `as they were counted, newest first, the last ${MOST_EVENTS}; docs/archive.md has the columns`,
      }),
    archived_events_cut: z.boolean().openapi({ description: 'the archive has more of them' }),
  })
  .openapi('UserExport');

const exportRoute = createRoute({
  method: 'get',
  path: '/v1/users/{user_id}/export',
  summary: 'All that is kept of a user, to be handed to them',
  tags: ['operations'],
  security: [{ key: [] }],
  request: { params, query: queryOf({}) },
  responses: {
    200: { description: 'What an erasure would take; empty where nothing is kept', content: answered(exportSchema) },
    ...problemResponses(400, 401, 403, 429, 503),
  },
});

/** More than INTERACTIONS_PER_USER can be. */
const MOST_INTERACTIONS = 10_000;
const DEAD_LETTERS_KEPT = 1_000;

export interface UserParts {
  readonly log: Pick<EventLog, 'partitions' | 'append'>;
  readonly users: UserRecords;
  readonly erasures: Pick<Erasures, 'note' | 'place'>;
  readonly status: Pick<StatusStore, 'deadLetters'>;
  readonly archive: Pick<Archive, 'exists' | 'query'>;
  readonly deliveries: {
    ofUser(userId: string): Promise<{ id: string; type: string; cart_id: string; state: string }[]>;
  };
}

/** @param alone lets each key ask one thing of the archive at a time */
export function userRoutes(alone: MiddlewareHandler, parts: UserParts, read: ReadParts): OpenAPIHono {
  const app = new OpenAPIHono();
  app.use('/v1/users/:user_id/export', alone);
  app.openapi(eraseRoute, async (context) => {
    const { user_id: userId } = context.req.valid('param');
    // Before anything is done, so that no answer about what was done fails for it.
    const meta = await metaOfNow(read);
    // First, so that whoever imports a file knows before the log does.
    await parts.erasures.note(userId);
    await erase(userId, parts.log);
    return context.json({ data: { user_id: userId }, meta }, 202);
  });
  app.openapi(exportRoute, async (context) => {
    const { user_id: userId } = context.req.valid('param');
    const meta = await metaOfNow(read);
    const data = await exportOf(userId, parts, read, context.req.raw.signal);
    return context.json({ data, meta }, 200);
  });
  return app;
}

/** In every partition: producers of one's own may have placed the user's events anywhere. */
async function erase(userId: string, log: UserParts['log']): Promise<void> {
  const partitions = log.partitions.filter(({ topic }) => topic === 'events');
  // What waits of the user was accepted before: it counts, and then nothing says whose it was.
  const records = partitions.flatMap((of) => [releaseRecord(of, userId), eraseRecord(of, userId)]);
  const outcomes = await log.append(records);
  if (outcomes.some(({ outcome }) => outcome === 'failed'))
    throw unavailable('The event log did not take the erasure everywhere; send it again');
}

async function exportOf(
  userId: string,
  { users, status, deliveries, archive }: UserParts,
  { calendar, now, store, hourlyDays }: ReadParts,
  signal: AbortSignal,
): Promise<z.infer<typeof exportSchema>> {
  const rules = { calendar, nowMs: now(), hourlyDays, grain: 'hour' } as const;
  const { reader } = store(BOUNDLESS_BUDGET);
  const context = { reader, calendar, period: everythingUntil(undefined, rules) };
  const [kept, interactions, letters, sent, archived] = await Promise.all([
    users.of(userId),
    queryInteractions(userId, MOST_INTERACTIONS, context),
    status.deadLetters(DEAD_LETTERS_KEPT),
    deliveries.ofUser(userId),
    archivedOf(userId, archive, signal),
  ]);
  const named = JSON.stringify(userId);
  const { sessions, orders, carts, countedIn, sessionBeganMs, boughtFirstMs, guests } = kept;
  return {
    user_id: userId,
    ...(sessionBeganMs !== undefined && { last_session_began_at: calendar.format(sessionBeganMs) }),
    ...(boughtFirstMs !== undefined && { first_bought_at: calendar.format(boughtFirstMs) }),
    guests,
    sessions: sessions.map(({ id, firstMs, lastMs, searches, city, events }) => ({
      ...(id !== undefined && id !== '' && { session_id: id }),
      ...{ city, events, first_at: calendar.format(firstMs), last_at: calendar.format(lastMs) },
      searches: searches.map(({ term, atMs }) => ({ search_term: term, at: calendar.format(atMs) })),
    })),
    counted_in: countedIn.map(({ hourMs, cities }) => ({ hour: calendar.format(hourMs), cities: [...cities] })),
    orders: orders.map(({ transactionId, items, ...order }) => ({
      transaction_id: transactionId,
      ...order,
      items: items.map(({ itemId, units }) => ({ item_id: itemId, units })),
    })),
    carts: carts.map(({ user_id: _, ...rest }) => rest),
    interactions,
    dead_letters: letters
      .filter(({ message }) => message?.includes(named) === true)
      .map((letter) => ({ ...letter, at: inStoreTime({ calendar }, letter.at) })),
    deliveries: sent,
    archived_events: archived.rows,
    archived_events_cut: archived.isCut,
  };
}

async function archivedOf(
  userId: string,
  archive: UserParts['archive'],
  signal: AbortSignal,
): Promise<Pick<ArchiveTable, 'rows' | 'isCut'>> {
  if (!(await archive.exists())) return { rows: [], isCut: false };
  const sql = (table: string): string =>
    `SELECT * FROM (${table}) WHERE visitor = ${quoted(userId)} ORDER BY timestamp DESC, position DESC`;
  return archive.query({}, sql, { maxRows: MOST_EVENTS, signal });
}
