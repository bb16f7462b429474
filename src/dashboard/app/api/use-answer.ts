import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { Answer, Path, PathParams, Query } from './answers.ts';
import { ask, type Outcome, type Received, urlOf } from './ask.ts';
import { observe, Polling, RETRY_MS } from './polling.ts';
import type { Problem } from './problem.ts';

export const REFRESH_MS = 15_000;

export interface Answered<P extends Path> extends Received<Answer<P>> {
  readonly state: 'loaded';
  /** A later request failed. */
  readonly stale: boolean;
}

type State<P extends Path> =
  | { readonly state: 'loading' }
  | { readonly state: 'failed'; readonly problem: Problem }
  | Answered<P>;

/**
 * What is known of a question; `watch` is given the element that
 * shows it, so that it is asked again only while it is seen.
 */
export type Loaded<P extends Path> = State<P> & {
  readonly watch: (element: Element | null) => void;
  /** Asks at once, since what it asks about was changed. */
  readonly again: () => void;
};

interface Options<P extends Path> {
  readonly params?: Partial<PathParams<P>>;
  readonly everyMs?: number;
  /** How soon to ask again where another question is being answered. */
  readonly busyMs?: number;
  /** Whether asking again may bring anything else; always where it is not given. */
  readonly hasNews?: () => boolean;
}

/**
 * An answer that keeps itself fresh; while the next one loads, or
 * fails, the last one stays. Nothing is asked without a query.
 */
export function useAnswer<P extends Path>(
  path: P,
  query: Query<P> | undefined,
  { params, everyMs = REFRESH_MS, busyMs = RETRY_MS, hasNews }: Options<P> = {},
): Loaded<P> {
  const url = query && urlOf(path, query, params);
  const [known, setKnown] = useState<{ readonly url?: string | undefined; readonly state: State<P> }>(nothing);
  const polling = useRef<Polling | undefined>(undefined);
  const isSeen = useRef(true);
  useEffect(() => {
    if (url === undefined) return undefined;
    let isAnswered = false;
    const started = new Polling(async (signal) => {
      if (isAnswered && hasNews?.() === false) return everyMs;
      const outcome = await ask<Answer<P>>(url, signal);
      if (!signal.aborted)
        setKnown(({ url: of, state }) => ({ url, state: next(of === url ? state : undefined, outcome) }));
      isAnswered = !('problem' in outcome);
      if (!('problem' in outcome)) return everyMs;
      return outcome.problem.status === 429 ? busyMs : retryMs(outcome.problem, everyMs);
    });
    polling.current = started;
    started.start();
    started.setSeen(isSeen.current);
    return () => started.stop();
  }, [url, everyMs]);
  const unobserve = useRef<(() => void) | undefined>(undefined);
  const watch = useCallback((element: Element | null): void => {
    unobserve.current?.();
    unobserve.current =
      element === null
        ? undefined
        : observe(element, (seen) => {
            isSeen.current = seen;
            polling.current?.setSeen(seen);
          });
  }, []);
  const again = useCallback((): void => polling.current?.again(), []);
  return { ...(known.url === url ? known.state : nothing.state), watch, again };
}

const nothing = { state: { state: 'loading' } } as const;

function next<P extends Path>(before: State<P> | undefined, outcome: Outcome<Answer<P>>): State<P> {
  const last = before?.state === 'loaded' ? before : undefined;
  if ('problem' in outcome) {
    const keep = last !== undefined && outcome.problem.status !== 401;
    return keep ? { ...last, stale: true } : { state: 'failed', problem: outcome.problem };
  }
  // The same numbers are the same object, so that nothing is drawn anew for them.
  const isSame = last !== undefined && last.facts === outcome.facts;
  const answer = isSame ? { ...last.answer, meta: outcome.answer.meta } : outcome.answer;
  return { state: 'loaded', answer, facts: outcome.facts, stale: false };
}

/** What the server refused stays refused; what it could not do is tried again soon. */
function retryMs({ status }: Problem, everyMs: number): number {
  if (status === 0 || status >= 500) return RETRY_MS;
  return status === 404 ? everyMs : Number.POSITIVE_INFINITY;
}

/** What was answered, where it was. */
export const answerOf = <P extends Path>(loaded: Loaded<P>): Answer<P> | undefined =>
  loaded.state === 'loaded' ? loaded.answer : undefined;
