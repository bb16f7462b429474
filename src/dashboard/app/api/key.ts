import { said } from '../words/said.ts';

const KEY = 'cartpulse-key';

const needKey = new Set<() => void>();

/** Calls back when a request was refused for want of a key. */
export function onKeyNeeded(callback: () => void): () => void {
  needKey.add(callback);
  return () => needKey.delete(callback);
}

export const storedKey = (): string | null => localStorage.getItem(KEY);
export const storeKey = (key: string): void => localStorage.setItem(KEY, key);

export function headers(key = storedKey()): Record<string, string> {
  return key === null ? {} : { Authorization: `Bearer ${key}` };
}

export function refused(status: number): void {
  if (status === 401) for (const callback of needKey) callback();
}

/** What is wrong with a key, before it takes the place of another; nothing where it may read. */
export async function whatIsWrongWith(key: string): Promise<string | undefined> {
  try {
    const { ok, status } = await fetch('/v1/payments?limit=1', { headers: headers(key) });
    if (ok) return undefined;
    if (status === 401) return said('The server does not know this key.');
    return status === 403
      ? said('This key may not read; it needs a read key or an admin key.')
      : said('The server answered {status}.', { status: String(status) });
  } catch {
    return said('The server does not answer.');
  }
}
