import { createRoute, OpenAPIHono, type RouteConfig, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { Connector, Endpoint, Envelope, Mapped, News, Reading } from '../../connectors/connector.ts';
import type { Sender } from '../../events/origin/sender.ts';
import type { Acceptance, Acceptor, Submitted } from '../../ingestion/acceptor.ts';
import type { KeyRing } from '../../keys/key-ring.ts';
import type { ReportedThings } from '../../runtime/reported-things.ts';
import { bearerOf } from '../auth.ts';
import type { SenderCheck } from '../entry/senders.ts';
import { badRequest, unavailable } from '../problems.ts';
import { json, problemResponses, rejectedEvent } from '../schemas.ts';
import { accepted, bodyText, checkNumber, mayWait, textOf, type WriteLimits } from '../sending/accepting.ts';
import type { SenderOf } from '../sending/browsers.ts';
import { HookBodies } from '../sending/hook-bodies.ts';
import { answerNoted, type NotingParts, type Taken } from '../sending/noting.ts';
import { checkSignature, type HookSecrets } from '../sending/signed.ts';

const refusals = {
  accepted: z.int().optional().openapi({ description: 'beside `rejected`' }),
  rejected: z.array(rejectedEvent).readonly().optional().openapi({ description: 'absent where nothing was refused' }),
};

interface ConnectorParts {
  readonly acceptor: Pick<Acceptor, 'waiting' | 'accept'>;
  readonly limits: WriteLimits;
  readonly checkSender: SenderCheck;
  readonly senderOf: SenderOf;
  readonly keys: Pick<KeyRing, 'charge'>;
  readonly hookSecrets: HookSecrets;
  readonly reportedThings: ReportedThings;
  readonly noting: NotingParts;
}

interface Parts extends ConnectorParts {
  readonly hookBodies: HookBodies;
}

/** Every connector's endpoints: its clients' requests go the way of POST /v1/events, and get the answer that they know. */
export function connectorRoutes(connectors: readonly Connector[], given: ConnectorParts): OpenAPIHono {
  const app = new OpenAPIHono();
  const parts: Parts = { ...given, hookBodies: new HookBodies(given.limits.maxBodyBytes) };
  for (const connector of connectors)
    for (const endpoint of connector.endpoints)
      app.openapi(routeOf(connector, endpoint), (context) =>
        answerNoted(context, connector.name, parts.noting, (taken) => take(context, connector, parts, taken)),
      );
  return app;
}

async function take(context: Context, connector: Connector, parts: Parts, taken: Taken): Promise<Response> {
  const admission = await admitted(context, connector, envelopeOf(context), parts);
  if (admission === 'trial') return answer(context, connector, NOTHING);
  const { reading, sender, key } = admission;
  if (reading.outcome === 'unreadable') throw badRequest(reading.message);
  checkNumber(reading.sent, parts.limits.maxEvents);
  parts.keys.charge(key, reading.sent);
  const mapped = reading.mapped();
  const accept = () => acceptMapped(connector, { mapped, sender }, parts, taken);
  return answer(context, connector, await aloneWith(mapped, parts.reportedThings, accept));
}

interface Admitted {
  readonly reading: Reading;
  readonly key?: string | undefined;
  /** Where it is a browser. */
  readonly sender?: Sender | undefined;
}

/** What a sender sent that may send. @throws HttpProblem */
async function admitted(
  context: Context,
  connector: Connector,
  envelope: Envelope,
  { acceptor, limits, checkSender, senderOf, hookSecrets, hookBodies }: Parts,
): Promise<Admitted | 'trial'> {
  const { signature, isTrial, isKeyInBody, keyOf, keyPlace, isOfPages = false } = connector;
  if (signature !== undefined) {
    mayWait(context, acceptor);
    const body = await hookBodies.read(context);
    if (isTrial?.(body.toString('latin1')) === true) return 'trial';
    checkSignature(hookSecrets, signature, envelope.header(signature.header), body);
    return { reading: connector.read(envelope, textOf(body)) };
  }
  const key = bearerOf(context) ?? keyOf(envelope);
  const asksBody = key === undefined && isKeyInBody === true;
  if (!asksBody) checkSender(context, key, keyPlace);
  mayWait(context, acceptor);
  const reading = connector.read(envelope, await bodyText(context, limits.maxBodyBytes));
  const sentKey = asksBody && reading.outcome === 'read' ? reading.key : key;
  if (asksBody) checkSender(context, sentKey, keyPlace);
  return { reading, key: sentKey, sender: senderOf(context, sentKey, isOfPages) };
}

/** Reports of one thing come one after the other: each is told apart from what the one before said. */
function aloneWith<T>(mapped: readonly Mapped[], things: ReportedThings, work: () => Promise<T>): Promise<T> {
  const names = new Set(mapped.flatMap((one) => (one.outcome === 'report' ? [one.about] : [])));
  // In one order everywhere, so that no two requests wait for each other.
  return [...names].sort().reduce((inner, about) => () => things.alone(about, inner), work)();
}

const NOTHING: Acceptance = { accepted: 0, rejected: [] };

/** Sends what is new; what a report said is known where it was taken. @throws HttpProblem */
async function acceptMapped(
  { isRefusedAsSuccess }: Connector,
  { mapped, sender }: { readonly mapped: readonly Mapped[]; readonly sender: Sender | undefined },
  { acceptor, reportedThings }: ConnectorParts,
  tell: Taken,
): Promise<Acceptance> {
  const resolved = await resolveReports(mapped, reportedThings);
  const submitted = resolved.flatMap(({ submitted: some }) => some);
  const acceptance = await acceptor.accept(submitted, undefined, { sender });
  tell(acceptance);
  const refused = new Set(acceptance.rejected.map(({ index }) => index));
  let first = 0;
  for (const { submitted: some, kept } of resolved) {
    const isTaken = (index: number): boolean => !refused.has(first + index);
    if (kept !== undefined) await reportedThings.keep(kept.about, kept.knownWith(isTaken));
    first += some.length;
  }
  return isRefusedAsSuccess === true ? acceptance : accepted(submitted, acceptance);
}

interface Resolved {
  readonly submitted: readonly Submitted[];
  readonly kept?: { readonly about: string; readonly knownWith: News['knownWith'] };
}

async function resolveReports(mapped: readonly Mapped[], reportedThings: ReportedThings): Promise<Resolved[]> {
  const resolved: Resolved[] = [];
  for (const one of mapped) {
    if (one.outcome !== 'report') {
      resolved.push({ submitted: [submittedOf(one)] });
      continue;
    }
    const { about, newsOf } = one;
    const { events, knownWith } = newsOf(await reportedThings.known(about));
    const some = events.map((value): Submitted => ({ outcome: 'json', value }));
    resolved.push({ submitted: some.length > 0 ? some : [{ outcome: 'ignored' }], kept: { about, knownWith } });
  }
  return resolved;
}

/** What was refused beside good events is said where an answer has a body: no client minds. */
function answer(context: Context, { success, hasEventIds }: Connector, { accepted: taken, rejected }: Acceptance) {
  if (hasEventIds === true && rejected.some(({ retryable }) => retryable)) {
    const detail = 'The event log did not confirm all events in time: send all of them again, each counts once';
    throw unavailable(detail);
  }
  if (success === undefined) return context.body(null, 204);
  return context.json({ ...success, ...(rejected.length > 0 && { accepted: taken, rejected }) }, 200);
}

function envelopeOf({ req }: Context): Envelope {
  return {
    path: req.path,
    query: new URL(req.url).searchParams,
    header: (name) => req.header(name),
  };
}

function submittedOf(mapped: Exclude<Mapped, { outcome: 'report' }>): Submitted {
  if (mapped.outcome === 'ignored') return mapped;
  const { event, sentAt } = mapped;
  return { outcome: 'json', value: event, sentAt };
}

function successSchema(success: Readonly<Record<string, boolean>>) {
  const said = Object.entries(success).map(([name, value]): [string, z.ZodType] => [name, z.literal(value)]);
  return z.object({ ...Object.fromEntries(said), ...refusals });
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
