import type { LatestValue } from '../../../metrics/writes.ts';

const ZEROS = '0'.repeat(16);
/** Moments from 2001 to 2286. */
const MS_DIGITS = 13;

/** Stored so that plain string order is the order of (timestamp, event_id). */
export function stampLatest({ atMs, eventId, value }: LatestValue): string {
  const digits = String(atMs);
  return `${digits.length === MS_DIGITS ? '000' : ZEROS.slice(digits.length)}${digits}|${JSON.stringify([eventId, value])}`;
}

/** The value behind a stamp. */
export function unstampLatest(stamped: string): string {
  // Some answers look at every item's: without a backslash there is no quote but those around the two texts.
  // That between them is looked for before the last one, since the value may be a lone comma.
  if (!stamped.includes('\\')) return stamped.slice(stamped.lastIndexOf('","', stamped.length - 5) + 3, -2);
  const parsed: unknown = JSON.parse(stamped.slice(stamped.indexOf('|') + 1));
  const value: unknown = Array.isArray(parsed) ? parsed[1] : undefined;
  return typeof value === 'string' ? value : '';
}
