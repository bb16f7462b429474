import { type Arrival, AS_IT_IS, type Place } from './rule.ts';

/** How far an event's own time may run ahead of its arrival. */
export const MAX_AHEAD_MS = 5 * 60_000;
/** A clock that is further ahead is no clock of a visitor. */
const MAX_CLOCK_AHEAD_MS = 24 * 3_600_000;
/** A live event from before is a mistake in the unit of its time. */
export const FIRST_LIVE_MS = Date.parse('2000-01-01T00:00:00Z');
const LAST_MS = Date.parse('2100-01-01T00:00:00Z');

const isBetween = (value: number, unitMs: number): boolean =>
  value * unitMs >= FIRST_LIVE_MS && value * unitMs < LAST_MS;

/** Digits alone, as some clients write the milliseconds of an epoch, or its seconds with decimals. */
export function takeDigits(value: unknown): unknown {
  return typeof value === 'string' && /^\s*\d{9,19}(\.\d+)?\s*$/.test(value) ? Number(value) : AS_IT_IS;
}

/** Seconds, microseconds and nanoseconds are told by their size: no two of the units fall between 2000 and 2100. */
export function takeUnit(value: unknown, { arrival }: Place): unknown {
  if (typeof value !== 'number' || !arrival.isLive) return AS_IT_IS;
  if (isBetween(value, 1_000)) return Math.floor(value * 1_000);
  if (isBetween(value, 0.001)) return Math.floor(value / 1_000);
  if (isBetween(value, 0.000_001)) return Math.floor(value / 1_000_000);
  return isBetween(value, 1) && !Number.isInteger(value) ? Math.floor(value) : AS_IT_IS;
}

const ISO =
  /^\s*(?<date>\d{4}-\d{2}-\d{2})[Tt ](?<minutes>\d{2}:\d{2})(?::(?<seconds>\d{2})(?:[.,](?<decimals>\d+))?)?\s?(?<offset>[Zz](?:\[UTC\])?|UTC|GMT|(?<hours>[+-]\d{2})(?::?(?<rest>\d{2}))?)\s*$/;

const BASIC = /^\s*(\d{4})(\d{2})(\d{2})[Tt](\d{2})(\d{2})(\d{2}(?:[.,]\d+)?)?(?=[Zz+-])/;

/** Other spellings of ISO 8601: `+0000`, `+00`, a space for `T`, no seconds, more than three decimals, no separators; and `UTC` for `Z`. */
export function takeSpelling(sent: unknown): unknown {
  if (typeof sent !== 'string') return AS_IT_IS;
  const value = sent.replace(
    BASIC,
    (_, year, month, day, hour, minute, seconds = '00') => `${year}-${month}-${day}T${hour}:${minute}:${seconds}`,
  );
  const { date, minutes, seconds = '00', decimals, hours, rest = '00' } = ISO.exec(value)?.groups ?? {};
  if (date === undefined) return AS_IT_IS;
  const offset = hours === undefined ? 'Z' : `${hours}:${rest}`;
  const spelt = `${date}T${minutes}:${seconds}${decimals === undefined ? '' : `.${decimals.slice(0, 3)}`}${offset}`;
  return spelt === sent ? AS_IT_IS : spelt;
}

/** A moment that is written as it should be; undefined for anything else. */
export function momentOf(value: unknown): number | undefined {
  const atMs = typeof value === 'string' ? Date.parse(value) : value;
  return typeof atMs === 'number' && Number.isFinite(atMs) ? atMs : undefined;
}

/** Set right by what the sender's clock said when it sent. */
export function takeBySentAt(value: unknown, { field, event, arrival }: Place): unknown {
  const aheadMs = aheadOf(field, value, arrival);
  const sentAtMs = momentOf(event['sent_at']);
  if (aheadMs === undefined || sentAtMs === undefined) return AS_IT_IS;
  const clockAheadMs = sentAtMs - arrival.arrivedAtMs;
  const movedMs = arrival.arrivedAtMs + aheadMs - clockAheadMs;
  return clockAheadMs > 0 && movedMs <= arrival.arrivedAtMs + MAX_AHEAD_MS ? writtenAs(value, movedMs) : AS_IT_IS;
}

export function takeArrival(value: unknown, { field, arrival }: Place): unknown {
  const aheadMs = aheadOf(field, value, arrival);
  return aheadMs !== undefined && aheadMs <= MAX_CLOCK_AHEAD_MS ? writtenAs(value, arrival.arrivedAtMs) : AS_IT_IS;
}

/** Only of what is live: an import that is ahead has a date that was read wrongly. */
function aheadOf(field: string, value: unknown, { arrivedAtMs, isLive }: Arrival): number | undefined {
  const atMs = momentOf(value);
  if (field !== 'timestamp' || atMs === undefined || !isLive) return undefined;
  return atMs > arrivedAtMs + MAX_AHEAD_MS ? atMs - arrivedAtMs : undefined;
}

const writtenAs = (value: unknown, atMs: number): unknown =>
  typeof value === 'string' ? new Date(atMs).toISOString() : atMs;
