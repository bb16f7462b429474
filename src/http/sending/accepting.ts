import type { Context } from 'hono';
import type { Acceptance, Acceptor, Submitted } from '../../ingestion/acceptor.ts';
import { readBody } from '../body.ts';
import { sayLimit } from '../entry/rate-limit.ts';
import { badRequest, HttpProblem, tooLarge, unavailable } from '../problems.ts';

/** Events that may wait for the log at once before senders are told to slow down. */
const MAX_WAITING = 50_000;

export interface WriteLimits {
  readonly maxEvents: number;
  readonly maxBodyBytes: number;
}

/** @throws HttpProblem where the log is too far behind */
export function mayWait(context: Context, { waiting }: Pick<Acceptor, 'waiting'>): void {
  sayLimit(context, { most: MAX_WAITING, used: waiting, resetSeconds: 1 });
  if (waiting <= MAX_WAITING) return;
  const detail = 'Too many events wait for the event log';
  throw new HttpProblem({ code: 'busy', detail, retryAfterSeconds: 1 });
}

/** The body's text. @throws HttpProblem */
export async function bodyText(context: Context, maxBodyBytes: number): Promise<string> {
  return textOf(await readBody(context, maxBodyBytes));
}

/** @throws HttpProblem */
export function textOf(body: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    throw badRequest('The body is not UTF-8');
  }
}

/** @throws HttpProblem where there are none, or more than one request may have */
export function checkNumber(events: number, maxEvents: number): void {
  if (events === 0) throw badRequest('The body holds no event');
  if (events > maxEvents) throw tooLarge(`The body has ${events} events; at most ${maxEvents} are accepted`);
}

/** The log may have taken what it did not confirm in time. */
const UNCONFIRMED =
  'The event log confirmed none of the events in time. It may have taken some: send them again with the event_id of each, which `rejected` has, and they count once';

/** @throws HttpProblem where none was accepted */
export function accepted(submitted: readonly Submitted[], acceptance: Acceptance): Acceptance {
  const { rejected } = acceptance;
  if (acceptance.accepted > 0 || rejected.length === 0) return acceptance;
  if (rejected.some(({ retryable }) => retryable)) throw unavailable(UNCONFIRMED, { accepted: 0, rejected });
  const [first] = rejected;
  const detail =
    submitted.length === 1
      ? `The event is not valid: ${[first?.path, first?.message].filter(Boolean).join(' ')}`
      : 'None of the events is valid';
  const errors = rejected.flatMap(({ index, path, message, errors: all = [{ path, message }] }) =>
    all.map((one) => ({ path: one.path === '' ? String(index) : `${index}.${one.path}`, message: one.message })),
  );
  const more = { accepted: 0, rejected };
  throw new HttpProblem({ code: 'bad-events', detail, errors, more });
}
