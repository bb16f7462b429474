import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import { ForbiddenTarget, guardedLookup, targetProblem } from './targets.ts';

const TIMEOUT_MS = 10_000;

export type SendOutcome =
  | { readonly outcome: 'delivered' }
  /** The receiver wants no more deliveries (410). */
  | { readonly outcome: 'gone' }
  | {
      readonly outcome: 'failed';
      readonly reason: string;
      /** Where there was an answer. */
      readonly status?: number;
      /** For so long it asks to be left alone. */
      readonly retryAfterMs?: number | undefined;
    };

/** No receiver can ask for more, so that nothing waits for a mistake of theirs. */
const LONGEST_REST_SECONDS = 3_600;

export interface Sending {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly timeoutMs?: number;
  /** May it go to this machine? Where it is not said, it may. */
  readonly allowsLoopback?: boolean;
  readonly lookup?: LookupFunction;
}

/** One POST: no redirects, no private network, an answer in time. */
export async function send({
  url: text,
  headers,
  body,
  timeoutMs = TIMEOUT_MS,
  allowsLoopback = true,
  lookup,
}: Sending): Promise<SendOutcome> {
  const problem = targetProblem(text, allowsLoopback);
  if (problem !== undefined) return { outcome: 'failed', reason: `the URL ${problem}` };
  const url = new URL(text);
  const options: RequestOptions = {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      'User-Agent': 'cartpulse',
      ...headers,
      'Content-Length': Buffer.byteLength(body),
    },
    lookup: lookup ?? guardedLookup(url),
    signal: AbortSignal.timeout(timeoutMs),
    // A connection of its own, so that the address of each is checked.
    agent: false,
  };
  try {
    return outcomeOf(await post(url, options, body));
  } catch (error) {
    return { outcome: 'failed', reason: reasonOf(error, timeoutMs) };
  }
}

interface Answered {
  readonly status: number;
  readonly retryAfter: string | undefined;
}

function post(url: URL, options: RequestOptions, body: string): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const onResponse = (response: IncomingMessage): void => {
      // What it says does not matter.
      response.destroy();
      resolve({ status: response.statusCode ?? 0, retryAfter: response.headers['retry-after'] });
    };
    const request =
      url.protocol === 'https:' ? httpsRequest(url, options, onResponse) : httpRequest(url, options, onResponse);
    request.once('error', reject);
    request.end(body);
  });
}

function outcomeOf({ status, retryAfter }: Answered): SendOutcome {
  if (status >= 200 && status < 300) return { outcome: 'delivered' };
  if (status === 410) return { outcome: 'gone' };
  const redirected = status >= 300 && status < 400;
  return {
    outcome: 'failed',
    reason: redirected ? `answered ${status}; redirects are not followed` : `answered ${status}`,
    status,
    retryAfterMs: [429, 503].includes(status) ? restOf(retryAfter) : undefined,
  };
}

/** In seconds; the other form that HTTP knows, a date, would need a clock like theirs. */
function restOf(retryAfter: string | undefined): number | undefined {
  const seconds = /^\d+$/.test(retryAfter ?? '') ? Number(retryAfter) : 0;
  return seconds > 0 ? Math.min(seconds, LONGEST_REST_SECONDS) * 1_000 : undefined;
}

function reasonOf(error: unknown, timeoutMs: number): string {
  if (error instanceof ForbiddenTarget) return error.message;
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  return code === 'ABORT_ERR' || code === '23' ? `no answer within ${timeoutMs / 1_000} s` : code;
}
