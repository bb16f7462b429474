import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import { ForbiddenTarget, guardedLookup, targetProblem } from './targets.ts';

const TIMEOUT_MS = 10_000;

export type SendOutcome =
  | { readonly outcome: 'delivered' }
  /** The receiver wants no more deliveries (410). */
  | { readonly outcome: 'gone' }
  | { readonly outcome: 'failed'; readonly reason: string };

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
      ...headers,
      'Content-Type': 'application/json',
      'User-Agent': 'cartpulse',
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

function post(url: URL, options: RequestOptions, body: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const onResponse = (response: IncomingMessage): void => {
      // Only the status matters.
      response.destroy();
      resolve(response.statusCode ?? 0);
    };
    const request =
      url.protocol === 'https:' ? httpsRequest(url, options, onResponse) : httpRequest(url, options, onResponse);
    request.once('error', reject);
    request.end(body);
  });
}

function outcomeOf(status: number): SendOutcome {
  if (status >= 200 && status < 300) return { outcome: 'delivered' };
  if (status === 410) return { outcome: 'gone' };
  const redirected = status >= 300 && status < 400;
  return {
    outcome: 'failed',
    reason: redirected ? `answered ${status}; redirects are not followed` : `answered ${status}`,
  };
}

function reasonOf(error: unknown, timeoutMs: number): string {
  if (error instanceof ForbiddenTarget) return error.message;
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  return code === 'ABORT_ERR' || code === '23' ? `no answer within ${timeoutMs / 1_000} s` : code;
}
