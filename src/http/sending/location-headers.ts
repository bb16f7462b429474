import type { Location } from '../../events/origin/sender.ts';
import { MAX_LENGTH } from '../../events/schema.ts';

/** In which headers balancers and content networks say where a browser is: Cloudflare, CloudFront, Vercel, App Engine. */
const HEADERS = [
  ['cf-ipcity', 'cf-ipcountry'],
  ['cloudfront-viewer-city', 'cloudfront-viewer-country'],
  ['x-vercel-ip-city', 'x-vercel-ip-country'],
  ['x-appengine-city', 'x-appengine-country'],
] as const;

/** What they write where they do not know: also `T1`, Tor. */
const UNKNOWN: ReadonlySet<string> = new Set(['', '?', 'XX', 'T1', 'ZZ']);

/** Of the first of them that says something. */
export function locationOfHeaders(header: (name: string) => string | undefined): Location {
  for (const [cityHeader, countryHeader] of HEADERS) {
    const [city, country] = [textOf(header(cityHeader)), textOf(header(countryHeader))];
    if (city !== undefined || country !== undefined) return { city, country };
  }
  return {};
}

function textOf(sent: string | undefined): string | undefined {
  const text = decoded(sent?.trim() ?? '');
  return UNKNOWN.has(text) || text.length > MAX_LENGTH.id || !text.isWellFormed() ? undefined : text;
}

/** What is no ASCII comes as UTF-8, of which a header shows the bytes, or percent-encoded. */
function decoded(sent: string): string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(sent, 'latin1'));
    return text.includes('%') ? decodeURIComponent(text) : text;
  } catch {
    return sent;
  }
}
