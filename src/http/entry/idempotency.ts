import { createHash, randomUUID } from 'node:crypto';
import type { Context, Next } from 'hono';
import { messageOf } from '../../runtime/errors.ts';
import type { KeptAnswer, KeptAnswers } from '../../runtime/kept-answers.ts';
import type { Logger } from '../../runtime/logger.ts';
import { badRequest, HttpProblem } from '../problems.ts';
import { OF_ANSWERS } from './answer-headers.ts';
import { REQUEST_ID, requestIdOf } from './request-id.ts';

export const IDEMPOTENCY_KEY = 'Idempotency-Key';
/** Is what a POST to this path has done kept? An answer that holds a key is kept nowhere; and what only asks is asked again, since an erasure would not find its answer. */
export const isRepeatable = (path: string): boolean => !/^\/(v1\/keys|v1\/explore|mcp)(\/|$)/.test(path);

const WELL_FORMED = /^[\x21-\x7e]{1,255}$/;

/** Does what a POST asks for once for each Idempotency-Key, whose repeats get the first answer. What was refused may be tried again. */
export function answerOnce(kept: KeptAnswers, logger: Logger) {
  return async (context: Context, next: Next): Promise<void> => {
    const [name, token] = [nameOf(context), randomUUID()];
    const claim = await kept.claim(name, token);
    if (claim.outcome === 'running') {
      const detail = 'A request with this Idempotency-Key is being answered; send it again in a second';
      throw new HttpProblem({ code: 'still-running', detail, retryAfterSeconds: 1 });
    }
    const fingerprint = fingerprintOf(context);
    if (claim.outcome === 'done') {
      context.res = repeated(context, await fingerprint.ofRest(), claim.answer);
      return;
    }
    fingerprint.watch();
    await next();
    const answer = context.res.ok ? await answerOf(context.res, fingerprint.digest()) : undefined;
    try {
      await kept.end(name, token, answer);
    } catch (error) {
      // It is done; to refuse it now would only have it done twice.
      logger.warn({ error: messageOf(error) }, 'an answer could not be kept for its Idempotency-Key');
    }
  };
}

/** The same key of another client, or for another path, is another request. */
function nameOf({ req }: Context): string {
  const key = req.header(IDEMPOTENCY_KEY) ?? '';
  if (!WELL_FORMED.test(key)) {
    const message = 'must be 1 to 255 characters of ASCII without spaces';
    throw badRequest(`${IDEMPOTENCY_KEY}: ${message}`, [{ path: IDEMPOTENCY_KEY, message }]);
  }
  const parts = [req.header('Authorization') ?? '', req.query('key') ?? '', req.method, req.path, key];
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
}

/** Tells one request from another by all of it that matters; the body is hashed while it passes. */
function fingerprintOf(context: Context) {
  const { req } = context;
  const hash = createHash('sha256').update(
    JSON.stringify([new URL(req.url).search, req.header('Content-Type'), req.header('Content-Encoding')]),
  );
  return {
    watch(): void {
      const { body } = req.raw;
      if (body === null) return;
      const watched = body.pipeThrough(
        new TransformStream<Uint8Array, Uint8Array>({
          transform(chunk, controller) {
            hash.update(chunk);
            controller.enqueue(chunk);
          },
        }),
      );
      req.raw = new Request(req.raw, { body: watched, duplex: 'half' });
    },
    async ofRest(): Promise<string> {
      for await (const chunk of req.raw.body ?? []) hash.update(chunk);
      return hash.digest('base64url');
    },
    digest: (): string => hash.digest('base64url'),
  };
}

async function answerOf(response: Response, fingerprint: string): Promise<KeptAnswer> {
  const type = response.headers.get('Content-Type') ?? '';
  return { fingerprint, status: response.status, type, text: await response.clone().text() };
}

function repeated(context: Context, fingerprint: string, answer: KeptAnswer): Response {
  if (answer.fingerprint !== fingerprint) {
    const detail = `This ${IDEMPOTENCY_KEY} was used for another request within the last day; make a new one for each request`;
    throw new HttpProblem({ code: 'key-used-differently', detail });
  }
  const { text, type, status } = answer;
  const headers = {
    ...OF_ANSWERS,
    'Cache-Control': 'no-store',
    'Idempotency-Replayed': 'true',
    [REQUEST_ID]: requestIdOf(context),
  };
  if (text === '') return new Response(null, { status, headers });
  return new Response(text, { status, headers: { 'Content-Type': type, ...headers } });
}
