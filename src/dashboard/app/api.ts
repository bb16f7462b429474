import { useEffect, useState } from 'preact/hooks';
import { isRow, type Row, rowOf, text } from './data.ts';

const KEY = 'cartpulse-key';
const REFRESH_MS = 10_000;

export interface Answer {
  readonly data: unknown;
  readonly previous: unknown;
  readonly meta: Row;
}

/** What went wrong, in words that say what to do. */
export interface Problem {
  readonly status: number;
  readonly message: string;
}

export type Loaded =
  | { readonly state: 'loading' }
  | { readonly state: 'failed'; readonly problem: Problem }
  | { readonly state: 'loaded'; readonly answer: Answer; readonly stale: boolean };

export type Params = Readonly<Record<string, string | number | undefined>>;

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

function urlOf(path: string, params: Params): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(params))
    if (value !== undefined && value !== '') search.set(name, String(value));
  return search.size === 0 ? path : `${path}?${search}`;
}

async function ask(url: string, signal: AbortSignal): Promise<Answer | Problem> {
  try {
    const response = await fetch(url, { headers: headers(), signal });
    const body: unknown = await response.json();
    if (response.ok && isRow(body))
      return { data: body['data'], previous: body['previous'], meta: rowOf(body['meta']) };
    refused(response.status);
    return {
      status: response.status,
      message: text(rowOf(body)['detail']) || `The server answered ${response.status}`,
    };
  } catch {
    return { status: 0, message: 'The server does not answer; trying again' };
  }
}

const isProblem = (answer: Answer | Problem): answer is Problem => 'status' in answer;

/** An answer that keeps itself fresh; while the next one loads, or fails, the last one stays. */
export function useAnswer(path: string | undefined, params: Params): Loaded {
  const url = path === undefined ? '' : urlOf(path, params);
  const [loaded, setLoaded] = useState<{ url: string; loaded: Loaded }>({ url: '', loaded: { state: 'loading' } });
  useEffect(() => {
    if (url === '') return undefined;
    const abort = new AbortController();
    const load = async (): Promise<void> => {
      const answer = await ask(url, abort.signal);
      if (abort.signal.aborted) return;
      setLoaded(({ loaded: before, url: of }) => {
        if (!isProblem(answer)) return { url, loaded: { state: 'loaded', answer, stale: false } };
        const keep = of === url && before.state === 'loaded' && answer.status !== 401;
        return { url, loaded: keep ? { ...before, stale: true } : { state: 'failed', problem: answer } };
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
