import { useEffect, useState } from 'preact/hooks';
import type { Answer, Path, PathParams, Query, Refusal } from './answers.ts';

const KEY = 'cartpulse-key';
const REFRESH_MS = 10_000;

/** What went wrong, in words that say what to do. */
export interface Problem {
  readonly status: number;
  readonly message: string;
}

export interface Answered<P extends Path> {
  readonly state: 'loaded';
  readonly answer: Answer<P>;
  readonly stale: boolean;
}

export type Loaded<P extends Path> =
  | { readonly state: 'loading' }
  | { readonly state: 'failed'; readonly problem: Problem }
  | Answered<P>;

type Outcome<P extends Path> = { readonly answer: Answer<P> } | { readonly problem: Problem };

const needKey = new Set<() => void>();

/** Calls back when a request was refused for want of a key. */
export function onKeyNeeded(callback: () => void): () => void {
  needKey.add(callback);
  return () => needKey.delete(callback);
}

export function storeKey(key: string): void {
  localStorage.setItem(KEY, key);
}

export function headers(): Record<string, string> {
  const key = localStorage.getItem(KEY);
  return key === null ? {} : { Authorization: `Bearer ${key}` };
}

export function refused(status: number): void {
  if (status === 401) for (const callback of needKey) callback();
}

function urlOf<P extends Path>(path: P, query: Query<P>, params: Partial<PathParams<P>>): string {
  const filled = Object.entries(params).reduce<string>(
    (url, [name, value]) => url.replace(`{${name}}`, encodeURIComponent(String(value))),
    path,
  );
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    if (value !== undefined && value !== '') search.set(name, String(value));
  return search.size === 0 ? filled : `${filled}?${search}`;
}

async function ask<P extends Path>(url: string, signal: AbortSignal): Promise<Outcome<P>> {
  try {
    const response = await fetch(url, { headers: headers(), signal });
    if (response.ok) {
      // The page comes from the server that answers, and is built with the types of its document.
      const answer: Answer<P> = await response.json();
      return { answer };
    }
    refused(response.status);
    const { detail }: Partial<Refusal> = await response.json();
    return { problem: { status: response.status, message: detail || `The server answered ${response.status}` } };
  } catch {
    return { problem: { status: 0, message: 'The server does not answer; trying again' } };
  }
}

/** An answer that keeps itself fresh; while the next one loads, or fails, the last one stays. */
export function useAnswer<P extends Path>(path: P, query: Query<P>, params: Partial<PathParams<P>> = {}): Loaded<P> {
  const url = urlOf(path, query, params);
  const [loaded, setLoaded] = useState<{ url: string; loaded: Loaded<P> }>({ url: '', loaded: { state: 'loading' } });
  useEffect(() => {
    const abort = new AbortController();
    const load = async (): Promise<void> => {
      const outcome = await ask<P>(url, abort.signal);
      if (abort.signal.aborted) return;
      setLoaded(({ loaded: before, url: of }) => {
        if ('answer' in outcome) return { url, loaded: { state: 'loaded', answer: outcome.answer, stale: false } };
        const { problem } = outcome;
        const keep = of === url && before.state === 'loaded' && problem.status !== 401;
        return { url, loaded: keep ? { ...before, stale: true } : { state: 'failed', problem } };
      });
    };
    const refresh = (): void => {
      if (!document.hidden) load().catch(() => undefined);
    };
    refresh();
    const timer = setInterval(refresh, REFRESH_MS);
    document.addEventListener('visibilitychange', refresh);
    return () => {
      abort.abort();
      clearInterval(timer);
      document.removeEventListener('visibilitychange', refresh);
    };
  }, [url]);
  return loaded.url === url ? loaded.loaded : { state: 'loading' };
}

/** What was answered, where it was. */
export const answerOf = <P extends Path>(loaded: Loaded<P>): Answer<P> | undefined =>
  loaded.state === 'loaded' ? loaded.answer : undefined;
