import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { parseJson } from '../../events/json-text.ts';
import type { Acceptor, Submitted } from '../../ingestion/acceptor.ts';
import type { KeyRing } from '../../keys/key-ring.ts';
import { bearerOf } from '../auth.ts';
import { mediaType } from '../body.ts';
import { publicKeyIn } from '../entry/senders.ts';
import { badRequest, unsupported } from '../problems.ts';
import { json, problemResponses, queryOf, rejectedEvent } from '../schemas.ts';
import { accepted, bodyText, checkNumber, mayWait, type WriteLimits } from '../sending/accepting.ts';
import type { SenderOf } from '../sending/browsers.ts';
import { answerNoted, type NotingParts, type Taken } from '../sending/noting.ts';
import { isOfSnippet, SNIPPET_WAY } from '../sending/snippet-way.ts';

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
    ignored: z.int().optional().openapi({
      description: 'so many were no events and no faults, such as GA4’s clearing push or Tag Manager’s own events',
    }),
    bots: z.int().optional().openapi({ description: 'so many came from a known bot; they are counted apart' }),
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
      description: 'At least one was accepted: acknowledged by the event log; or all were ignored or of bots',
      content: json(acceptanceSchema),
    },
    ...problemResponses(400, 401, 403, 413, 415, 429, 503),
  },
});

export function eventRoutes(
  acceptor: Pick<Acceptor, 'waiting' | 'accept'>,
  limits: WriteLimits,
  noting: NotingParts,
  senderOf: SenderOf,
  keys: Pick<KeyRing, 'charge'>,
): OpenAPIHono {
  const app = new OpenAPIHono();
  app.openapi(eventsRoute, async (context) => {
    const ids = context.req.valid('query').ids === 'true';
    const isPage = isOfSnippet(context);
    const key = bearerOf(context) ?? publicKeyIn(context);
    const sender = senderOf(context, key, isPage);
    const take = async (taken?: Taken) => {
      mayWait(context, acceptor);
      const submitted = await readEvents(context, limits);
      keys.charge(key, submitted.length);
      const acceptance = await acceptor.accept(submitted, undefined, { ids, sender });
      taken?.(acceptance);
      return context.json(accepted(submitted, acceptance), 202);
    };
    return isPage ? answerNoted(context, SNIPPET_WAY, noting, take) : take();
  });
  return app;
}

async function readEvents(context: Context, { maxEvents, maxBodyBytes }: WriteLimits): Promise<Submitted[]> {
  const type = mediaType(context);
  if (!JSON_TYPES.has(type) && type !== NDJSON) {
    const [sent, taken] = [type === '' ? '(none)' : type, [...JSON_TYPES, NDJSON].join(', ')];
    throw unsupported(`Content-Type ${sent} is not accepted; use one of ${taken}`);
  }
  const text = await bodyText(context, maxBodyBytes);
  const submitted = type === NDJSON ? fromLines(text, maxEvents) : fromJson(text);
  checkNumber(submitted.length, maxEvents);
  return submitted;
}

function fromJson(text: string): Submitted[] {
  let value: unknown;
  try {
    value = parseJson(text);
  } catch {
    throw badRequest(text.trim() === '' ? 'The body is empty' : 'The body is not JSON');
  }
  const events: unknown[] = Array.isArray(value) ? value : [value];
  return events.map((event) => ({ outcome: 'json', value: event }));
}

function fromLines(text: string, maxEvents: number): Submitted[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  // Before each is read, which takes long where none is JSON.
  checkNumber(lines.length, maxEvents);
  return lines.map((line) => {
    try {
      return { outcome: 'json', value: parseJson(line) };
    } catch {
      return { outcome: 'unreadable', message: 'the line is not JSON' };
    }
  });
}
