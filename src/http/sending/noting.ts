import type { Context } from 'hono';
import type { Acceptance } from '../../ingestion/acceptor.ts';
import { isRetryable, messageOf } from '../../runtime/errors.ts';
import type { Logger } from '../../runtime/logger.ts';
import type { NotedRequest, NotedRequests } from '../../runtime/noted-requests.ts';
import { requestIdOf } from '../entry/request-id.ts';
import { PROBLEM_TYPES, problemUri } from '../problem-types.ts';
import { HttpProblem } from '../problems.ts';

export interface NotingParts {
  readonly noted: NotedRequests;
  readonly now: () => number;
  readonly logger: Logger;
}

/** Told once a request's events went to the log, whatever is answered. */
export type Taken = (acceptance: Acceptance) => void;

/** Of a request's events so many are shown that were refused or repaired. */
const SHOWN = 5;

/** Answers a request, and notes for admins what became of it. */
export async function answerNoted<R extends { readonly status: number }>(
  context: Context,
  way: string,
  parts: NotingParts,
  take: (taken: Taken) => Promise<R>,
): Promise<R> {
  let acceptance: Acceptance | undefined;
  try {
    const response = await take((taken) => {
      acceptance = taken;
    });
    await note(context, way, parts, { status: response.status, ...whatBecame(acceptance) });
    return response;
  } catch (error) {
    await noteRefusal(context, way, parts, { error, acceptance });
    throw error;
  }
}

/** Notes why a request was not taken. */
export async function noteRefusal(
  context: Context,
  way: string,
  parts: NotingParts,
  { error, acceptance }: { readonly error: unknown; readonly acceptance?: Acceptance | undefined },
): Promise<void> {
  await note(context, way, parts, { ...refusalOf(error), ...whatBecame(acceptance) });
}

function refusalOf(error: unknown): Pick<NotedRequest, 'status' | 'type' | 'detail'> {
  const { code, detail } = error instanceof HttpProblem ? error.problem : faultOf(error);
  return { status: PROBLEM_TYPES[code].status, type: problemUri(code), detail };
}

const faultOf = (error: unknown) =>
  ({
    code: isRetryable(error) ? 'unavailable' : 'internal',
    detail: 'It could not be answered; the log of the server says why',
  }) as const;

type Became = Pick<NotedRequest, 'accepted' | 'ignored' | 'refused' | 'bots' | 'rejected' | 'repaired'>;

function whatBecame({
  accepted = 0,
  ignored = 0,
  bots = 0,
  rejected = [],
  repaired = [],
}: Partial<Acceptance> = {}): Became {
  const told = (list: readonly { readonly path: string; readonly message: string }[]) =>
    list.slice(0, SHOWN).map(({ path, message }) => ({ path, message }));
  return { accepted, ignored, refused: rejected.length, bots, rejected: told(rejected), repaired: told(repaired) };
}

type Outcome = Became & Pick<NotedRequest, 'status' | 'type' | 'detail'>;

async function note(context: Context, way: string, { noted, now, logger }: NotingParts, outcome: Outcome) {
  const { req } = context;
  const sent = {
    at: new Date(now()).toISOString(),
    request_id: requestIdOf(context),
    path: req.path,
    client: req.header('User-Agent')?.slice(0, 200) ?? null,
  };
  try {
    await noted.note(way, { ...sent, ...outcome });
  } catch (error) {
    // It was answered; to refuse it now would only have it sent twice.
    logger.warn({ error: messageOf(error), way }, 'a request of a way in could not be noted');
  }
}
