import { IncomingMessage } from 'node:http';
import type { Context } from 'hono';
import { mostAtOnce } from '../keys/allowances.ts';
import type { Scope } from '../keys/key.ts';
import type { Admission, Caller, KeyRing } from '../keys/key-ring.ts';
import { because } from '../metrics/query/reason.ts';
import type { Logger } from '../runtime/logger.ts';
import { type Limit, sayLimit } from './entry/rate-limit.ts';
import { requestIdOf } from './entry/request-id.ts';
import { HttpProblem } from './problems.ts';

export function bearerOf({ req }: Context): string | undefined {
  return /^bearer +(.+)$/i.exec(req.header('Authorization') ?? '')?.[1];
}

interface Presented {
  readonly secret: string | undefined;
  /** Where a client of another system puts its key. */
  readonly place?: string | undefined;
  readonly scope: Scope;
  readonly origin?: string | undefined;
}

/** Lets a request through whose key may do this. @throws HttpProblem */
export type KeyCheck = (context: Context, presented: Presented) => Caller;

export function keyCheck(keys: KeyRing, logger: Logger): KeyCheck {
  return (context, presented) => {
    const address = addressOf(context);
    const admission = keys.admit({ ...presented, address });
    if (admission.outcome === 'admitted') {
      for (const limit of admission.limits) sayLimit(context, limit);
      return admission.caller;
    }
    const reached = limitReached(admission);
    if (reached !== undefined) sayLimit(context, reached);
    if ('isNew' in admission && admission.isNew)
      logger.warn({ address, key: admission.outcome, request_id: requestIdOf(context) }, 'a key was refused');
    throw refusalOf(admission, presented);
  };
}

function refusalOf(
  admission: Exclude<Admission, { outcome: 'admitted' }>,
  { scope, origin, place = 'Authorization: Bearer KEY' }: Presented,
): HttpProblem {
  switch (admission.outcome) {
    case 'missing':
      return new HttpProblem({ code: 'unauthorized', detail: `An API key is needed: ${place}` });
    case 'unknown':
      return new HttpProblem({ code: 'unauthorized', detail: 'The API key is not known' });
    case 'expired':
      return new HttpProblem({ code: 'unauthorized', detail: 'The API key has ended; make or rotate one' });
    case 'only-sends':
      return new HttpProblem({ code: 'forbidden', detail: 'A publishable key may only send events' });
    case 'not-allowed':
      return new HttpProblem({
        code: 'forbidden',
        detail: `This needs a key with the scope ${scope}`,
        more: { ...because('needs-scope', { scope }) },
      });
    case 'foreign-origin': {
      const detail =
        origin === undefined
          ? 'This key sends from pages, which name their Origin; a server sends with a write key'
          : `This key sends from pages of its own origins, not from ${origin}; add it to the key's`;
      return new HttpProblem({ code: 'forbidden', detail });
    }
    case 'too-many-tries': {
      const detail = 'Too many keys that are not known came from this address';
      return new HttpProblem({ code: 'too-many-tries', detail, retryAfterSeconds: admission.retryAfterSeconds });
    }
    case 'too-often': {
      const detail = `This key sends more than ${admission.requestsPerSecond} times a second`;
      return new HttpProblem({ code: 'too-often', detail, retryAfterSeconds: 1 });
    }
    case 'over-quota': {
      const detail = `This key has made the ${admission.requestsPerDay} requests that it may make in a day`;
      return new HttpProblem({ code: 'over-quota', detail, retryAfterSeconds: admission.retryAfterSeconds });
    }
  }
}

function limitReached(admission: Admission): Limit | undefined {
  if (admission.outcome === 'too-often') {
    const most = mostAtOnce(admission.requestsPerSecond);
    return { most, used: most, resetSeconds: 1 };
  }
  if (admission.outcome !== 'over-quota') return undefined;
  const { requestsPerDay: most, retryAfterSeconds: resetSeconds } = admission;
  return { most, used: most, resetSeconds };
}

/** Of the connection: what a header says of it anybody may write. */
export function addressOf({ env }: Context): string {
  const bindings: unknown = env;
  if (typeof bindings !== 'object' || bindings === null || !('incoming' in bindings)) return 'unknown';
  const { incoming } = bindings;
  return incoming instanceof IncomingMessage ? (incoming.socket.remoteAddress ?? 'unknown') : 'unknown';
}
