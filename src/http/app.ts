import { join } from 'node:path';
import { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { Reachable } from '../alerts/rule.ts';
import type { Question } from '../analytics/question.ts';
import type { Archive } from '../archive/archive-reader.ts';
import { connectors } from '../connectors/index.ts';
import type { Acceptor } from '../ingestion/acceptor.ts';
import type { EventLog } from '../ingestion/ports/event-log.ts';
import type { KeyKeeper } from '../keys/key-keeper.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import type { AuditLog } from '../keys/ports.ts';
import type { NoteStore } from '../notes/note.ts';
import type { KeptAnswers } from '../runtime/kept-answers.ts';
import type { Logger } from '../runtime/logger.ts';
import type { NotedRequests } from '../runtime/noted-requests.ts';
import type { ReportedThings } from '../runtime/reported-things.ts';
import type { SavedViews } from '../runtime/saved-views.ts';
import type { EndpointStore } from '../webhooks/notifier.ts';
import { type AlertParts, alertRoutes } from './admin/alerts.ts';
import { auditRoutes } from './admin/audit.ts';
import { type Demo, demoRoutes } from './admin/demo.ts';
import { keyRoutes } from './admin/keys.ts';
import { noteRoutes } from './admin/notes.ts';
import { viewRoutes } from './admin/views.ts';
import type { ReadParts } from './answer.ts';
import { accuracyRoutes } from './archive/accuracy.ts';
import { exploreRoutes } from './archive/explore-routes.ts';
import { exportRoutes } from './archive/export.ts';
import { oneAtATime } from './archive/one-at-a-time.ts';
import { exploreQuestions } from './archive/questions.ts';
import { type ReconciliationParts, reconciliationRoutes } from './archive/reconciliations.ts';
import { exploreSqlRoutes } from './archive/sql.ts';
import { addDocument } from './document/document.ts';
import { entrance, sharedWithPages } from './entry/entrance.ts';
import { ExactPaths } from './entry/exact-paths.ts';
import { methodsOf } from './entry/methods.ts';
import { pathOf } from './entry/request-path.ts';
import { senderCheck } from './entry/senders.ts';
import { type HealthCheck, healthRoutes } from './operations/health.ts';
import type { Measures } from './operations/measures.ts';
import { type MetricsParts, metricsRoute } from './operations/metrics.ts';
import { docsRoutes } from './pages/docs.ts';
import { pageRoutes } from './pages/page.ts';
import { snippetRoute } from './pages/snippet.ts';
import { problemOf } from './problem-of.ts';
import { HttpProblem, notFound, refuseInvalid, sendProblem } from './problems.ts';
import { answerExportRoutes } from './routes/answer-export.ts';
import { connectRoutes } from './routes/connect.ts';
import { connectorRoutes } from './routes/connectors.ts';
import { eventRoutes } from './routes/events.ts';
import { type ImportParts, importPaths, importRoutes } from './routes/imports.ts';
import { mcpRoutes } from './routes/mcp.ts';
import { problemRoutes } from './routes/problems.ts';
import { questionRoutes } from './routes/questions.ts';
import { type StatusParts, statusRoutes } from './routes/status.ts';
import { type StreamLimits, streamRoutes } from './routes/streams.ts';
import { type UserParts, userRoutes } from './routes/users.ts';
import { type DeadDeliveries, type WebhookLimits, webhookRoutes } from './routes/webhooks.ts';
import type { WriteLimits } from './sending/accepting.ts';
import { type BrowserParts, senderOfBrowsers } from './sending/browsers.ts';
import type { HookSecrets } from './sending/signed.ts';

export interface AppParts
  extends StatusParts,
    ImportParts,
    ReconciliationParts,
    AlertParts,
    Pick<UserParts, 'users'>,
    Pick<BrowserParts, 'locate' | 'addressHeader'> {
  readonly questions: readonly Question[];
  readonly acceptor: Pick<Acceptor, 'waiting' | 'accept'>;
  readonly log: Pick<EventLog, 'partitions' | 'append'>;
  readonly endpoints: EndpointStore;
  readonly notes: NoteStore;
  readonly deliveries: DeadDeliveries & UserParts['deliveries'];
  readonly keptAnswers: KeptAnswers;
  readonly read: ReadParts;
  readonly archive: Archive;
  readonly demo: Demo;
  readonly limits: WriteLimits & StreamLimits & WebhookLimits & Reachable;
  readonly keys: KeyRing;
  readonly keeper: KeyKeeper;
  /** Has this process take in at once what was changed. */
  readonly refreshKeys: () => Promise<void>;
  readonly audit: AuditLog;
  readonly hookSecrets: HookSecrets;
  readonly reportedThings: ReportedThings;
  readonly noted: NotedRequests;
  readonly views: SavedViews;
  readonly corsOrigins: readonly string[];
  /** Where the built page and the files of the API's page lie. */
  readonly distDir: string;
  readonly checks: readonly HealthCheck[];
  readonly measures: Measures;
  readonly storeMemory: MetricsParts['storeMemory'];
  readonly logger: Logger;
}

/** The whole HTTP side: a small app for each room. */
export function createApp(parts: AppParts): OpenAPIHono {
  const app = new OpenAPIHono({ getPath: pathOf, router: new ExactPaths(), defaultHook: refuseInvalid });
  const [methods, anyMethods] = [methodsOf(app, importPaths), methodsOf(app)];
  app.onError((error, context) => {
    const { problem } = problemOf(error, context, parts.logger);
    const allowed = problem.code === 'forbidden' ? anyMethods(context.req.path) : [];
    // No key would help where the path does not take the method.
    const isMethod = allowed.length === 0 || allowed.includes(context.req.method);
    return sendProblem(context, isMethod ? problem : methodNotAllowed(context, methods(context.req.path)).problem);
  });
  app.notFound((context) => noRoute(context, methods(context.req.path)));
  const shared = sharedWithPages(parts);
  for (const path of ['/v1/*', '/mp/*', '/g/*']) app.use(path, shared);
  const noting = { noted: parts.noted, now: parts.read.now, logger: parts.logger };
  app.use(entrance({ ...parts, noting }));
  const { questions, limits } = parts;
  const senderOf = senderOfBrowsers(parts);
  const alone = oneAtATime();
  for (const room of [
    healthRoutes(parts.checks),
    eventRoutes(parts.acceptor, limits, noting, senderOf, parts.keys),
    connectorRoutes(connectors, { ...parts, noting, senderOf, checkSender: senderCheck(parts) }),
    connectRoutes(parts.noted, parts.read),
    importRoutes(parts, parts.read),
    userRoutes(alone, parts, parts.read),
    webhookRoutes(parts.endpoints, parts.deliveries, limits, parts.read),
    alertRoutes(parts, parts.read),
    noteRoutes(parts.notes, parts.read),
    keyRoutes(parts, parts.read),
    viewRoutes(parts.views, parts.read),
    auditRoutes(parts.audit, parts.read),
    demoRoutes(parts.demo, parts.read),
    questionRoutes(questions, parts.read),
    streamRoutes(questions, parts.read, limits),
    statusRoutes(parts, parts.read),
    accuracyRoutes(parts.archive, parts.read),
    exploreSqlRoutes(alone, parts.archive, parts.read),
    exportRoutes(alone, parts.archive, parts.read),
    answerExportRoutes(questions, parts.read),
    reconciliationRoutes(parts, parts.read),
    exploreRoutes(exploreQuestions, alone, parts.archive, parts.read),
    metricsRoute(parts),
    mcpRoutes(async (path, headers) => app.request(path, { headers })),
    docsRoutes(parts.distDir),
    problemRoutes(),
    snippetRoute(parts.distDir),
    pageRoutes(join(parts.distDir, 'dashboard')),
  ])
    app.route('/', room);
  addDocument(app);
  return app;
}

/** What no route has answered: the path is unknown, or does not take the method. */
function noRoute(context: Context, methods: readonly string[]): Response {
  const { method, path } = context.req;
  if (method === 'OPTIONS' && methods.length > 0) return context.body(null, 204, { Allow: methods.join(', ') });
  // A file that is not there is asked for by the right method.
  if (methods.length === 0 || methods.includes(method))
    return sendProblem(context, notFound(`There is no ${method} ${path}; see /docs`).problem);
  return sendProblem(context, methodNotAllowed(context, methods).problem);
}

function methodNotAllowed({ req }: Context, methods: readonly string[]): HttpProblem {
  const allow = methods.join(', ');
  return new HttpProblem({
    code: 'method-not-allowed',
    detail: `${req.path} takes ${allow}, not ${req.method}`,
    allow,
  });
}
