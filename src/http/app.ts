import { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { cors } from 'hono/cors';
import { secureHeaders } from 'hono/secure-headers';
import type { Question } from '../analytics/question.ts';
import type { Importer } from '../imports/importer.ts';
import type { Acceptor } from '../ingestion/acceptor.ts';
import type { PipelineMonitor } from '../ingestion/monitor.ts';
import type { EventLog } from '../ingestion/ports/event-log.ts';
import type { Headroom } from '../ingestion/ports/headroom.ts';
import type { StatusStore } from '../ingestion/ports/status-store.ts';
import { NotFound, QueryProblem } from '../metrics/query/problems.ts';
import type { Logger } from '../runtime/logger.ts';
import type { EndpointStore } from '../webhooks/notifier.ts';
import { type KeyRing, requireKey } from './auth.ts';
import { badRequest, HttpProblem, notFound, sendProblem, unavailable } from './problems.ts';
import { addDocs } from './routes/docs.ts';
import { addWriteRoutes, type WriteLimits } from './routes/events.ts';
import { addImportRoutes, type ImportLimits } from './routes/imports.ts';
import { addLiveRoute, type LiveFeed } from './routes/live.ts';
import { addMetrics } from './routes/metrics.ts';
import { addPage } from './routes/page.ts';
import { addReadRoutes, type ReadParts } from './routes/questions.ts';
import { addHealthRoutes, addStatusRoutes, type HealthCheck } from './routes/status.ts';
import { addUserRoutes } from './routes/users.ts';
import { addWebhookRoutes, type DeadDeliveries } from './routes/webhooks.ts';

export interface AppParts {
  readonly questions: readonly Question[];
  readonly acceptor: Acceptor;
  readonly importer: Importer;
  readonly monitor: PipelineMonitor;
  readonly status: StatusStore;
  readonly log: EventLog;
  readonly headroom: Headroom;
  readonly live: LiveFeed;
  readonly endpoints: EndpointStore;
  readonly deliveries: DeadDeliveries;
  readonly read: ReadParts;
  readonly limits: WriteLimits & ImportLimits;
  readonly keys: KeyRing;
  readonly corsOrigins: readonly string[];
  /** Where the built page lies. */
  readonly pageDir: string;
  readonly checks: readonly HealthCheck[];
  readonly logger: Logger;
}

/** The whole HTTP side. Routes of questions come from their slices. */
export function createApp(parts: AppParts): OpenAPIHono {
  const app = new OpenAPIHono();
  app.onError((error, context) => sendProblem(context, toProblem(error, context, parts.logger).problem));
  app.notFound((context) =>
    sendProblem(context, notFound(`There is no ${context.req.method} ${context.req.path}; see /docs`).problem),
  );
  // They speak of pages; answers in JSON are spared the tenth of a request that setting them takes.
  const ofPages = secureHeaders();
  app.use((context, next) => (context.req.path.startsWith('/v1/') ? next() : ofPages(context, next)));
  if (parts.corsOrigins.length > 0) app.use('/v1/*', cors({ origin: [...parts.corsOrigins] }));
  guard(app, parts.keys);
  addHealthRoutes(app, parts.checks);
  addWriteRoutes(app, parts.acceptor, parts.limits);
  addImportRoutes(app, parts.importer, parts.limits);
  addUserRoutes(app, parts.log);
  addLiveRoute(app, parts.live);
  addWebhookRoutes(app, parts.endpoints, parts.deliveries);
  addReadRoutes(app, parts.questions, parts.read);
  addStatusRoutes(app, parts.monitor, parts.status, parts.headroom);
  addMetrics(app, parts.monitor);
  addDocs(app);
  addPage(app, parts.pageDir);
  return app;
}

function guard(app: OpenAPIHono, keys: KeyRing): void {
  const [write, read, admin] = [requireKey(keys, 'write'), requireKey(keys, 'read'), requireKey(keys, 'admin')];
  app.use('/v1/*', async (context, next) => {
    const { path, method } = context.req;
    if (path === '/v1/dead-letters' || path.startsWith('/v1/webhooks') || method === 'DELETE')
      return admin(context, next);
    return method === 'POST' ? write(context, next) : read(context, next);
  });
  app.use('/metrics', read);
}

function toProblem(error: Error, context: Context, logger: Logger): HttpProblem {
  if (error instanceof HttpProblem) return error;
  if (error instanceof QueryProblem)
    return badRequest(`${error.path}: ${error.message}`, [{ path: error.path, message: error.message }]);
  if (error instanceof NotFound) return notFound(error.message);
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
  if ('retryable' in error && error.retryable === true) return true;
  return /ECONN|EPIPE|ETIMEDOUT|max retries|Connection is closed|Command timed out|LOADING|OOM|MISCONF|CLUSTERDOWN|TRYAGAIN|KafkaJS/.test(
    `${error.name} ${error.message}`,
  );
}
