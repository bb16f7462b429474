import type { Context, MiddlewareHandler, Next } from 'hono';
import { cors } from 'hono/cors';
import { secureHeaders } from 'hono/secure-headers';
import type { Question } from '../../analytics/question.ts';
import type { KeptAnswers } from '../../runtime/kept-answers.ts';
import type { Logger } from '../../runtime/logger.ts';
import { bearerOf, hasKeys, requireKey } from '../auth.ts';
import { sayOfAnswers } from './answer-headers.ts';
import { answerOnce, IDEMPOTENCY_KEY } from './idempotency.ts';
import { packing, takesPacked } from './packing.ts';
import { isPublicKey } from './public-keys.ts';
import { nameAnswer } from './request-id.ts';
import { SameMachine } from './same-machine.ts';
import { type Callers, isOfConnector, isSend } from './senders.ts';

export interface EntranceParts extends Callers {
  readonly questions: readonly Question[];
  readonly keptAnswers: KeptAnswers;
  readonly logger: Logger;
}

/**
 * Which pages get to see answers: those of CORS_ORIGINS, and those that may send with
 * a publishable key, of what they sent. Where there are none, nothing has to be asked.
 */
export function sharedWithPages({ corsOrigins, publicKeys }: Callers): MiddlewareHandler | undefined {
  if (corsOrigins.length === 0 && publicKeys.isEmpty) return undefined;
  const mayAsk = (origin: string, path: string): boolean =>
    corsOrigins.includes(origin) || (isSend(path) && publicKeys.isOriginOfAny(origin));
  return cors({ origin: (origin, { req }) => (mayAsk(origin, req.path) ? origin : null) });
}

/** What every request passes: one step, since each step more takes a twentieth of a short answer's time. */
export function entrance(parts: EntranceParts): MiddlewareHandler {
  const once = answerOnce(parts.keptAnswers, parts.logger);
  const check = callerCheck(parts);
  const guard: MiddlewareHandler = (context, next) => {
    const isOnce = context.req.method === 'POST' && context.req.header(IDEMPOTENCY_KEY) !== undefined;
    return check(context, isOnce ? () => once(context, next) : next);
  };
  // Answers to questions carry the id of their request already.
  const direct = new Set(parts.questions.flatMap(({ routes }) => routes.map(({ path }) => path)));
  return (context, next) => {
    if (takesPacked(context)) return packing(context, () => named(context, guard(context, next)));
    return direct.has(context.req.path) ? guard(context, next) : named(context, guard(context, next));
  };
}

/** What names visitors, or runs what it is given. */
const ADMIN_PATHS: ReadonlySet<string> = new Set(['/v1/dead-letters', '/v1/explore/sql', '/v1/export/events']);

/** Lets through whoever may ask for what they ask for. */
function callerCheck({ keys, publicKeys, corsOrigins }: Callers): MiddlewareHandler {
  const [write, read, admin] = [requireKey(keys, 'write'), requireKey(keys, 'read'), requireKey(keys, 'admin')];
  // Its headers speak of pages; setting them would take a tenth of the time of an answer in JSON.
  // Whoever serves it over TLS says so to browsers; from here it would bind a plain address.
  const ofPages = secureHeaders({ strictTransportSecurity: false });
  const sameMachine = hasKeys(keys) ? undefined : new SameMachine(corsOrigins);
  return (context, next) => {
    const { path, method } = context.req;
    sameMachine?.checkHost(context);
    if (isOfConnector(path)) {
      sayOfAnswers(context);
      return next();
    }
    const publicKey = method === 'POST' && isSend(path) ? publicKeyOf(context) : undefined;
    if (publicKey !== undefined) {
      publicKeys.admit(publicKey, context.req.header('Origin'));
      return next();
    }
    sameMachine?.checkCaller(context);
    if (!path.startsWith('/v1/')) {
      const then: Next = path === '/metrics' ? async () => void (await read(context, next)) : next;
      return ofPages(context, then);
    }
    sayOfAnswers(context);
    if (ADMIN_PATHS.has(path) || path.startsWith('/v1/webhooks') || method === 'DELETE') return admin(context, next);
    return method === 'POST' ? write(context, next) : read(context, next);
  };
}

function publicKeyOf(context: Context): string | undefined {
  const key = bearerOf(context) ?? context.req.query('key');
  return key !== undefined && isPublicKey(key) ? key : undefined;
}

async function named(context: Context, answered: ReturnType<MiddlewareHandler>): Promise<void> {
  await answered;
  nameAnswer(context);
}
