import { createRoute, OpenAPIHono, type RouteConfig, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { Connector, Endpoint, Envelope, Mapped } from '../../connectors/connector.ts';
import type { Acceptance, Acceptor, Submitted } from '../../ingestion/acceptor.ts';
import { bearerOf } from '../auth.ts';
import type { SenderCheck } from '../entry/senders.ts';
import { badRequest, unavailable } from '../problems.ts';
import { json, problemResponses, rejectedEvent } from '../schemas.ts';
import { accepted, bodyText, checkNumber, mayWait, type WriteLimits } from '../sending/accepting.ts';

const refused = {
  accepted: z.int().optional().openapi({ description: 'beside `rejected`' }),
  rejected: z.array(rejectedEvent).readonly().optional().openapi({ description: 'absent where nothing was refused' }),
};

interface ConnectorParts {
  readonly acceptor: Pick<Acceptor, 'waiting' | 'accept'>;
  readonly limits: WriteLimits;
  readonly checkSender: SenderCheck;
}

/** Every connector's endpoints: its clients' requests go the way of POST /v1/events, and get the answer that they know. */
export function connectorRoutes(connectors: readonly Connector[], parts: ConnectorParts): OpenAPIHono {
  const app = new OpenAPIHono();
  for (const connector of connectors)
    for (const endpoint of connector.endpoints)
      app.openapi(routeOf(connector, endpoint), (context) => take(context, connector, parts));
  return app;
}

async function take(context: Context, connector: Connector, { acceptor, limits, checkSender }: ConnectorParts) {
  const envelope = envelopeOf(context);
  const key = bearerOf(context) ?? connector.keyOf(envelope);
  const asksBody = key === undefined && connector.isKeyInBody === true;
  if (!asksBody) checkSender(context, key);
  mayWait(context, acceptor);
  const reading = connector.read(envelope, await bodyText(context, limits.maxBodyBytes));
  if (asksBody) checkSender(context, reading.outcome === 'read' ? reading.key : undefined);
  if (reading.outcome === 'unreadable') throw badRequest(reading.message);
  checkNumber(reading.mapped, limits.maxEvents);
  const submitted = reading.mapped.map(submittedOf);
  return answer(context, connector, accepted(submitted, await acceptor.accept(submitted)));
}

/** What was refused beside good events is said where an answer has a body: no client minds. */
function answer(context: Context, { success, isRepeatable }: Connector, { accepted: taken, rejected }: Acceptance) {
  if (isRepeatable === true && rejected.some(({ retryable }) => retryable)) {
    const detail = 'The event log did not confirm all events in time: send all of them again, each counts once';
    throw unavailable(detail);
  }
  if (success === undefined) return context.body(null, 204);
  return context.json({ ...success, ...(rejected.length > 0 && { accepted: taken, rejected }) }, 200);
}

function envelopeOf({ req }: Context): Envelope {
  return {
    path: req.path.replace(/\/$/, ''),
    query: new URL(req.url).searchParams,
    header: (name) => req.header(name),
  };
}

function submittedOf(mapped: Mapped): Submitted {
  if (mapped.outcome === 'ignored') return mapped;
  const { event, sentAt } = mapped;
  return { outcome: 'json', value: event, sentAt };
}

function successSchema(success: Readonly<Record<string, boolean>>) {
  const said = Object.entries(success).map(([name, value]): [string, z.ZodType] => [name, z.literal(value)]);
  return z.object({ ...Object.fromEntries(said), ...refused });
}

/** Described and not parsed here: what other systems send is looked at field by field. */
function routeOf({ name, success }: Connector, { method, path, summary }: Endpoint) {
  const description = 'At least one event was accepted, or all were ignored';
  const responses: RouteConfig['responses'] = {
    ...(success === undefined
      ? { 204: { description } }
      : { 200: { description, content: json(successSchema(success)) } }),
    ...problemResponses(400, 401, 403, 413, 415, 429, 503),
  };
  const content = { 'application/json': { schema: { type: 'object' } } } as const;
  const body = method === 'post' ? { request: { body: { content } } } : {};
  return createRoute({
    method,
    path,
    summary,
    description: `See docs/connect/${name}.md.`,
    tags: ['write'],
    security: [{ key: [] }],
    ...body,
    responses,
  });
}
