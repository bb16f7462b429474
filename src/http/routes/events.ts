import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { parseJson } from '../../events/json-text.ts';
import type { Acceptance, Acceptor, Submitted } from '../../ingestion/acceptor.ts';
import { mediaType, readBody } from '../body.ts';
import { sayLimit } from '../entry/rate-limit.ts';
import { badRequest, HttpProblem, tooLarge, unavailable, unsupported } from '../problems.ts';
import { json, problemResponses, queryOf, rejectedEvent } from '../schemas.ts';

/** Events that may wait for the log at once before senders are told to slow down. */
const MAX_WAITING = 50_000;

export interface WriteLimits {
  readonly maxEvents: number;
  readonly maxBodyBytes: number;
}

/** A browser sends a beacon as text/plain, since anything else would be asked for first. */
const JSON_TYPES: ReadonlySet<string> = new Set(['application/json', 'text/plain']);
const NDJSON = 'application/x-ndjson';

const acceptanceSchema = z
  .object({
    accepted: z.int(),
    rejected: z.array(rejectedEvent).readonly(),
    repaired: z
      .array(z.object({ index: z.int(), path: z.string(), message: z.string() }))
      .readonly()
      .optional()
      .openapi({
        description: 'what was taken as what it can only mean, the first 100; absent where nothing was',
        example: [{ index: 0, path: 'items.0.price', message: 'was text; taken as that number' }],
      }),
    ignored: z
      .int()
      .optional()
      .openapi({ description: 'so many were no events and no faults, such as GA4’s clearing push' }),
    event_ids: z
      .array(z.string().nullable())
      .readonly()
      .optional()
      .openapi({ description: 'with ids=true: the id of each event as they were sent, null where one was refused' }),
  })
  .openapi('Acceptance');

const event = { $ref: '#/components/schemas/Event' };

/** What the documentation offers to try. */
const EXAMPLE = [
  { name: 'view_item', user_id: 'u1', city: 'Oslo', items: [{ item_id: 'sku-1', item_name: 'Mug', price: 9.5 }] },
  {
    name: 'purchase',
    user_id: 'u1',
    transaction_id: 't-1',
    currency: 'USD',
    items: [{ item_id: 'sku-1', price: 9.5, quantity: 2 }],
  },
  { name: 'stock_update', item_id: 'sku-1', stock_level: 40 },
];

const eventsRoute = createRoute({
  method: 'post',
  path: '/v1/events',
  summary: 'Send events: one, an array, or NDJSON; gzip allowed',
  tags: ['write'],
  security: [{ key: [] }],
  request: {
    query: queryOf({
      key: z.string().optional().openapi({ description: 'a publishable key, for beacons' }),
      ids: z
        .enum(['true', 'false'])
        .default('false')
        .openapi({ description: 'true: the answer has the id of every event, stamped where it came without' }),
    }),
    body: {
      content: {
        // Described and not parsed here: each event is validated by itself, and a bad one is refused alone.
        'application/json': { schema: { anyOf: [event, { type: 'array', items: event }] }, example: EXAMPLE },
        'application/x-ndjson': { schema: z.string() },
        'text/plain': { schema: z.string().openapi({ description: 'JSON, as browsers’ beacons send it' }) },
      },
    },
  },
  responses: {
    202: {
      description: 'At least one was accepted: acknowledged by the event log; or all were ignored',
      content: json(acceptanceSchema),
    },
    ...problemResponses(400, 401, 403, 413, 415, 429, 503),
  },
});

export function eventRoutes(acceptor: Pick<Acceptor, 'waiting' | 'accept'>, limits: WriteLimits): OpenAPIHono {
  const app = new OpenAPIHono();
  app.openapi(eventsRoute, async (context) => {
    sayLimit(context, { most: MAX_WAITING, used: acceptor.waiting, resetSeconds: 1 });
    if (acceptor.waiting > MAX_WAITING) {
      const detail = 'Too many events wait for the event log';
      throw new HttpProblem({ code: 'busy', detail, retryAfterSeconds: 1 });
    }
    const submitted = await readEvents(context, limits);
    const ids = context.req.valid('query').ids === 'true';
    return context.json(accepted(submitted, await acceptor.accept(submitted, undefined, { ids })), 202);
  });
  return app;
}

/** The log may have taken what it did not confirm in time. */
const UNCONFIRMED =
  'The event log confirmed none of the events in time. It may have taken some: send them again with the event_id of each, which `rejected` has, and they count once';

/** @throws HttpProblem where none was accepted */
function accepted(submitted: readonly Submitted[], acceptance: Acceptance): Acceptance {
  const { rejected } = acceptance;
  if (acceptance.accepted > 0 || rejected.length === 0) return acceptance;
  if (rejected.some(({ retryable }) => retryable)) throw unavailable(UNCONFIRMED, { accepted: 0, rejected });
  const [first] = rejected;
  const detail =
    submitted.length === 1
      ? `The event is not valid: ${[first?.path, first?.message].filter(Boolean).join(' ')}`
      : 'None of the events is valid';
  const errors = rejected.flatMap(({ index, path, message, errors: all = [{ path, message }] }) =>
    all.map((one) => ({ path: one.path === '' ? String(index) : `${index}.${one.path}`, message: one.message })),
  );
  const more = { accepted: 0, rejected };
  throw new HttpProblem({ code: 'bad-events', detail, errors, more });
}

async function readEvents(context: Context, { maxEvents, maxBodyBytes }: WriteLimits): Promise<Submitted[]> {
  const type = mediaType(context);
  if (!JSON_TYPES.has(type) && type !== NDJSON) {
    const [sent, taken] = [type === '' ? '(none)' : type, [...JSON_TYPES, NDJSON].join(', ')];
    throw unsupported(`Content-Type ${sent} is not accepted; use one of ${taken}`);
  }
  const text = decodeUtf8(await readBody(context, maxBodyBytes));
  const submitted = type === NDJSON ? fromLines(text) : fromJson(text);
  if (submitted.length === 0) throw badRequest('The body holds no event');
  if (submitted.length > maxEvents)
    throw tooLarge(`The body has ${submitted.length} events; at most ${maxEvents} are accepted`);
  return submitted;
}

function decodeUtf8(body: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    throw badRequest('The body is not UTF-8');
  }
}

function fromJson(text: string): Submitted[] {
  let value: unknown;
  try {
    value = parseJson(text);
  } catch {
    throw badRequest('The body is not JSON');
  }
  const events: unknown[] = Array.isArray(value) ? value : [value];
  return events.map((event) => ({ outcome: 'json', value: event }));
}

function fromLines(text: string): Submitted[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.map((line) => {
    try {
      return { outcome: 'json', value: parseJson(line) };
    } catch {
      return { outcome: 'unreadable', message: 'the line is not JSON' };
    }
  });
}
