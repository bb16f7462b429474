import type { Context, MiddlewareHandler } from 'hono';
import { cors } from 'hono/cors';
import { secureHeaders } from 'hono/secure-headers';
import type { Question } from '../../analytics/question.ts';
import { isPublishable } from '../../keys/key.ts';
import type { AuditLog } from '../../keys/ports.ts';
import type { KeptAnswers } from '../../runtime/kept-answers.ts';
import { recorder } from '../admin/recorder.ts';
import { bearerOf, keyCheck } from '../auth.ts';
import { SNIPPET_PATH } from '../pages/snippet.ts';
import { type NotingParts, noteRefusal } from '../sending/noting.ts';
import { isOfSnippet, SNIPPET_WAY } from '../sending/snippet-way.ts';
import { tagBuilt } from '../tagged-answers.ts';
import { accessOf, isAudited, isKept } from './access.ts';
import { sayOfAnswers } from './answer-headers.ts';
import { answerOnce, IDEMPOTENCY_KEY, isRepeatable } from './idempotency.ts';
import { packing, takesPacked } from './packing.ts';
import { nameAnswer } from './request-id.ts';
import { SameMachine } from './same-machine.ts';
import { type Callers, comesWithCookies, isOfConnector, isSend, publicKeyIn } from './senders.ts';

export interface EntranceParts extends Callers {
  readonly questions: readonly Question[];
  readonly keptAnswers: KeptAnswers;
  readonly audit: AuditLog;
  readonly noting: NotingParts;
}

/**
 * Which pages get to see answers: those of CORS_ORIGINS, and those that may send, of what they sent: with a publishable
 * key, or without any keys from this machine. Who sees none sends again. Where there are none, nothing has to be asked.
 */
export function sharedWithPages({ corsOrigins, keys }: Callers): MiddlewareHandler {
  const sameMachine = new SameMachine(corsOrigins);
  const maySend = (origin: string): boolean =>
    keys.isOriginOfAny(origin) || (keys.isOpen && sameMachine.isKnown(origin));
  const origin = (asking: string, { req }: Context): string | null =>
    corsOrigins.includes(asking) || (isSend(req.path) && maySend(asking)) ? asking : null;
  const [share, shareWithCookies] = [cors({ origin }), cors({ origin, credentials: true })];
  const isAsked = ({ req }: Context): boolean =>
    corsOrigins.length > 0 || keys.hasPublishable || (keys.isOpen && req.header('Origin') !== undefined);
  return (context, next) => {
    if (!isAsked(context)) return next();
    // What a browser asks beforehand is answered here.
    if (context.req.method === 'OPTIONS') nameAnswer(context);
    return comesWithCookies(context.req.path) ? shareWithCookies(context, next) : share(context, next);
  };
}

/** What every request passes: one step, since each step more takes a twentieth of a short answer's time. */
export function entrance(parts: EntranceParts): MiddlewareHandler {
  const once = answerOnce(parts.keptAnswers, parts.logger);
  const check = notingRefusals(parts, callerCheck(parts));
  const guard: MiddlewareHandler = (context, next) => {
    const { method, path } = context.req;
    const isOnce = method === 'POST' && isRepeatable(path) && context.req.header(IDEMPOTENCY_KEY) !== undefined;
    return check(context, isOnce ? () => once(context, next) : next);
  };
  // Answers to questions carry the id of their request already.
  const routes = parts.questions.flatMap((question) => question.routes);
  const direct = new Set(routes.filter(({ stream }) => stream === undefined).map(({ path }) => path));
  return (context, next) => {
    if (takesPacked(context)) return packing(context, () => named(context, guard(context, next)));
    const isDirect = direct.has(context.req.path) && context.req.method === 'GET';
    return isDirect ? guard(context, next) : named(context, guard(context, next));
  };
}

/** Pages show nobody that they are refused: whoever looks at their way in sees it. */
function notingRefusals(parts: EntranceParts, check: MiddlewareHandler): MiddlewareHandler {
  return (context, next) => {
    try {
      return check(context, next);
    } catch (error) {
      if (!isOfSnippet(context)) throw error;
      return noteRefusal(context, SNIPPET_WAY, parts.noting, { error }).then(() => {
        throw error;
      });
    }
  };
}

/** Lets through whoever may ask for what they ask for, and has written down what admins do. */
function callerCheck({ keys, corsOrigins, logger, audit }: EntranceParts): MiddlewareHandler {
  const check = keyCheck(keys, logger);
  const record = recorder(audit, logger);
  // Its headers speak of pages; setting them would take a tenth of the time of an answer in JSON.
  // Whoever serves it over TLS says so to browsers; from here it would bind a plain address.
  const ofPages = secureHeaders({ strictTransportSecurity: false });
  const sameMachine = new SameMachine(corsOrigins);
  return (context, next) => {
    const { path, method } = context.req;
    if (keys.isOpen) sameMachine.checkHost(context);
    if (isOfConnector(path)) {
      sayOfAnswers(context);
      return next();
    }
    // A script that shows nothing, and is there to be put into pages of others.
    if (path === SNIPPET_PATH) return next();
    const scope = accessOf(method, path);
    const secret = bearerOf(context) ?? (scope === 'send' ? publicKeyIn(context) : undefined);
    const isPublicSend = scope === 'send' && secret !== undefined && isPublishable(secret);
    if (keys.isOpen && !isPublicSend) sameMachine.checkCaller(context);
    const admit = () => scope && check(context, { secret, scope, origin: context.req.header('Origin') });
    // Theirs are headers of pages, which a refusal has as well.
    if (!path.startsWith('/v1/')) {
      const then = async (): Promise<void> => {
        admit();
        await next();
      };
      return ofPages(context, then);
    }
    if (!isPublicSend) sayOfAnswers(context);
    const caller = admit();
    return caller && isAudited(method, path, scope) ? record(context, caller, next) : next();
  };
}

async function named(context: Context, answered: ReturnType<MiddlewareHandler>): Promise<void> {
  await answered;
  nameAnswer(context);
  const { method, path } = context.req;
  if ((method === 'GET' || method === 'HEAD') && isKept(path)) await tagBuilt(context);
  if (method === 'HEAD') await leaveUnread(context);
}

/** Nobody will read it: a stream would stay open, and a file that goes when it was read would stay. */
async function leaveUnread({ res }: Context): Promise<void> {
  if (!res.bodyUsed) await res.body?.cancel();
}
