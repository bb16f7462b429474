import { join } from 'node:path';
import { OpenAPIHono } from '@hono/zod-openapi';
import type { Context, MiddlewareHandler } from 'hono';
import { cors } from 'hono/cors';
import { HTTPException } from 'hono/http-exception';
import { secureHeaders } from 'hono/secure-headers';
import type { Question } from '../analytics/question.ts';
import type { Acceptor } from '../ingestion/acceptor.ts';
import type { EventLog } from '../ingestion/ports/event-log.ts';
import { NotFound, QueryProblem } from '../metrics/query/problems.ts';
import { TooHeavyRead, TooManyHeavyReads } from '../metrics/read-budget.ts';
import { isRetryable } from '../runtime/errors.ts';
import type { Logger } from '../runtime/logger.ts';
import type { EndpointStore } from '../webhooks/notifier.ts';
import type { ReadParts } from './answer.ts';
import { bearerOf, hasKeys, type KeyRing, requireKey } from './auth.ts';
import { isPublicKey, type PublicKeys } from './entry/public-keys.ts';
import { SameMachine } from './entry/same-machine.ts';
import { badRequest, HttpProblem, notFound, refuseInvalid, sendProblem, unavailable } from './problems.ts';
import { addDocument, docsRoutes } from './routes/docs.ts';
import { eventRoutes, type WriteLimits } from './routes/events.ts';
import { type HealthCheck, healthRoutes } from './routes/health.ts';
import { type ImportParts, importRoutes } from './routes/imports.ts';
import { metricsRoute } from './routes/metrics.ts';
import { pageRoutes } from './routes/page.ts';
import { questionRoutes } from './routes/questions.ts';
import { type StatusParts, statusRoutes } from './routes/status.ts';
import { type StreamLimits, streamRoutes } from './routes/streams.ts';
import { userRoutes } from './routes/users.ts';
import { type DeadDeliveries, type WebhookLimits, webhookRoutes } from './routes/webhooks.ts';

/** Where events are sent to, also by pages of other origins. */
const SENDS = '/v1/events';

/** No answer is taken for another kind, kept by others, or shown within a page of another origin. */
const OF_ANSWERS = [
  ['X-Content-Type-Options', 'nosniff'],
  ['Cache-Control', 'no-store'],
  ['Cross-Origin-Resource-Policy', 'same-origin'],
] as const;

export interface AppParts extends StatusParts, ImportParts {
  readonly questions: readonly Question[];
  readonly acceptor: Pick<Acceptor, 'waiting' | 'accept'>;
  readonly log: Pick<EventLog, 'partitions' | 'append'>;
  readonly endpoints: EndpointStore;
  readonly deliveries: DeadDeliveries;
  readonly read: ReadParts;
  readonly limits: WriteLimits & StreamLimits & WebhookLimits;
  readonly keys: KeyRing;
  readonly publicKeys: PublicKeys;
  readonly corsOrigins: readonly string[];
  /** Where the built page and the files of the API's page lie. */
  readonly distDir: string;
  readonly checks: readonly HealthCheck[];
  readonly logger: Logger;
}

/** The whole HTTP side: a small app for each room. */
export function createApp(parts: AppParts): OpenAPIHono {
  const app = new OpenAPIHono({ defaultHook: refuseInvalid });
  app.onError((error, context) => sendProblem(context, toProblem(error, context, parts.logger).problem));
  app.notFound((context) =>
    sendProblem(context, notFound(`There is no ${context.req.method} ${context.req.path}; see /docs`).problem),
  );
  app.use('/v1/*', cors({ origin: (origin, { req }) => (mayAsk(origin, req.path, parts) ? origin : null) }));
  app.use(entrance(parts));
  app.use('/metrics', requireKey(parts.keys, 'read'));
  const { questions, limits } = parts;
  for (const room of [
    healthRoutes(parts.checks),
    eventRoutes(parts.acceptor, limits),
    importRoutes(parts),
    userRoutes(parts.log),
    webhookRoutes(parts.endpoints, parts.deliveries, limits),
    questionRoutes(questions, parts.read),
    streamRoutes(questions, parts.read, limits),
    statusRoutes(parts),
    metricsRoute(parts.monitor),
    docsRoutes(join(parts.distDir, 'docs')),
    pageRoutes(join(parts.distDir, 'dashboard')),
  ])
    app.route('/', room);
  addDocument(app);
  return app;
}

/** Which pages get to see answers: those of CORS_ORIGINS, and those that may send with a publishable key, of what they sent. */
function mayAsk(origin: string, path: string, { corsOrigins, publicKeys }: AppParts): boolean {
  return corsOrigins.includes(origin) || (path === SENDS && publicKeys.isOriginOfAny(origin));
}

/** What every request passes: one step, since each step more takes a twentieth of a short answer's time. */
function entrance({ keys, publicKeys, corsOrigins }: AppParts): MiddlewareHandler {
  const [write, read, admin] = [requireKey(keys, 'write'), requireKey(keys, 'read'), requireKey(keys, 'admin')];
  // Its headers speak of pages; setting them would take a tenth of the time of an answer in JSON.
  // Whoever serves it over TLS says so to browsers; from here it would bind a plain address.
  const ofPages = secureHeaders({ strictTransportSecurity: false });
  const sameMachine = hasKeys(keys) ? undefined : new SameMachine(corsOrigins);
  return (context, next) => {
    const { path, method } = context.req;
    sameMachine?.checkHost(context);
    if (path === SENDS && method === 'POST') {
      const key = bearerOf(context) ?? context.req.query('key');
      if (key !== undefined && isPublicKey(key)) {
        publicKeys.admit(key, context.req.header('Origin'));
        return next();
      }
    }
    sameMachine?.checkCaller(context);
    if (!path.startsWith('/v1/')) return ofPages(context, next);
    for (const [name, value] of OF_ANSWERS) context.header(name, value);
    if (path === '/v1/dead-letters' || path.startsWith('/v1/webhooks') || method === 'DELETE')
      return admin(context, next);
    return method === 'POST' ? write(context, next) : read(context, next);
  };
}

function toProblem(error: Error, context: Context, logger: Logger): HttpProblem {
  if (error instanceof HttpProblem) return error;
  if (error instanceof QueryProblem)
    return badRequest(`${error.path}: ${error.message}`, [{ path: error.path, message: error.message }]);
  if (error instanceof NotFound) return notFound(error.message);
  if (error instanceof TooHeavyRead) return badRequest(`The question ${error.message}`);
  if (error instanceof TooManyHeavyReads)
    return unavailable(
      'As many questions about much data are being answered as may be at once; ask again a little later',
    );
  // What validators of bodies throw where there is nothing to validate.
  if (error instanceof HTTPException && error.status === 400) return badRequest('The body is not JSON');
  // What went wrong inside is for the operator; clients learn no host name and no text of a server's.
  logger.error({ error: error.message, stack: error.stack, path: context.req.path }, 'a request failed');
  return isUnavailable(error)
    ? unavailable('A server that this needs does not answer')
    : new HttpProblem({
        status: 500,
        code: 'internal',
        title: 'Something went wrong',
        detail: 'The request could not be answered',
      });
}

function isUnavailable(error: Error): boolean {
  return isRetryable(error);
}
