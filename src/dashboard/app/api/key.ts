import { said } from '../words/said.ts';

const KEY = 'cartpulse-key';

const needKey = new Set<() => void>();

/** Calls back when a request was refused for want of a key. */
export function onKeyNeeded(callback: () => void): () => void {
  needKey.add(callback);
  return () => needKey.delete(callback);
}

/** That of a link is this tab's, so that one's own stays for the others. */
export const storedKey = (): string | null => sessionStorage.getItem(KEY) ?? localStorage.getItem(KEY);

export function storeKey(key: string): void {
  sessionStorage.removeItem(KEY);
  localStorage.setItem(KEY, key);
}

const IN_LINK = '#key=';

/** A link that brings its key along, behind what browsers send to servers. */
export const withKey = (url: URL, key: string): string => `${url.origin}${url.pathname}${url.search}${IN_LINK}${key}`;

/** Keeps the key that a link has brought, and takes it out of the address. */
export function takeKeyOfLink(): void {
  if (!location.hash.startsWith(IN_LINK)) return;
  sessionStorage.setItem(KEY, location.hash.slice(IN_LINK.length));
  history.replaceState(null, '', `${location.pathname}${location.search}`);
}

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
