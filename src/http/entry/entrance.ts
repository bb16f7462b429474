import type { Context, MiddlewareHandler, Next } from 'hono';
import { secureHeaders } from 'hono/secure-headers';
import type { Question } from '../../analytics/question.ts';
import type { KeptAnswers } from '../../runtime/kept-answers.ts';
import type { Logger } from '../../runtime/logger.ts';
import { type KeyRing, requireKey } from '../auth.ts';
import { answerOnce, IDEMPOTENCY_KEY } from './idempotency.ts';
import { packing, takesPacked } from './packing.ts';
import { nameAnswer } from './request-id.ts';

export interface EntranceParts {
  readonly questions: readonly Question[];
  readonly keys: KeyRing;
  readonly keptAnswers: KeptAnswers;
  readonly logger: Logger;
}

/** What every request passes: one step, since each step more takes a twentieth of a short answer's time. */
export function entrance({ questions, keys, keptAnswers, logger }: EntranceParts): MiddlewareHandler {
  const [write, read, admin] = [requireKey(keys, 'write'), requireKey(keys, 'read'), requireKey(keys, 'admin')];
  // Its headers speak of pages; setting them would take a tenth of the time of an answer in JSON.
  const ofPages = secureHeaders();
  const once = answerOnce(keptAnswers, logger);
  const guard: MiddlewareHandler = (context, next) => {
    const { path, method } = context.req;
    if (!path.startsWith('/v1/')) return path === '/metrics' ? read(context, next) : ofPages(context, next);
    const isOnce = method === 'POST' && context.req.header(IDEMPOTENCY_KEY) !== undefined;
    const then: Next = isOnce ? () => once(context, next) : next;
    if (path === '/v1/dead-letters' || path.startsWith('/v1/webhooks') || method === 'DELETE')
      return admin(context, then);
    return method === 'POST' ? write(context, then) : read(context, then);
  };
  // Answers to questions carry the id of their request already.
  const direct = new Set(questions.flatMap(({ routes }) => routes.map(({ path }) => path)));
  return (context, next) => {
    if (takesPacked(context)) return packing(context, () => named(context, guard(context, next)));
    return direct.has(context.req.path) ? guard(context, next) : named(context, guard(context, next));
  };
}

async function named(context: Context, answered: ReturnType<MiddlewareHandler>): Promise<void> {
  await answered;
  nameAnswer(context);
}
