/**
 * Times as the store's clock shows them. A text with an offset (`2026-11-28T15:00:00+01:00`)
 * begins with the local date and time; one that ends with Z is told in the store's zone.
 */
export type Interval = '15m' | 'hour' | 'day';

/** Dates around one, by the calendar alone. */
export function addDays(day: string, days: number): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, 10);
}

export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);
}

const made = new Map<string, Intl.DateTimeFormat>();

function formatter(locale: string | undefined, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale} ${JSON.stringify(options)}`;
  const known = made.get(key) ?? new Intl.DateTimeFormat(locale, options);
  made.set(key, known);
  return known;
}

const CLOCK = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
const DAY = { month: 'short', day: 'numeric' } as const;

/** The store's date at a moment. */
export function dayAt(iso: string, timeZone: string): string {
  // Sweden writes dates as ISO does.
  return formatter('sv-SE', { dateStyle: 'short', timeZone }).format(new Date(iso));
}

/** The store's date and time at a moment, as `2026-11-28T15:00:00`. */
export function localTime(ms: number, timeZone: string): string {
  return formatter('sv-SE', { dateStyle: 'short', timeStyle: 'medium', timeZone }).format(ms).replace(' ', 'T');
}

/** A moment in the store's zone: its date, with the year where that is another than now, and the time. */
export function formatMoment(iso: string, timeZone: string, withSeconds = false): string {
  const isThisYear = dayAt(iso, timeZone).slice(0, 4) === dayAt(new Date().toISOString(), timeZone).slice(0, 4);
  return formatter(undefined, {
    ...DAY,
    ...(!isThisYear && { year: 'numeric' }),
    ...CLOCK,
    ...(withSeconds && { second: '2-digit' }),
    timeZone,
  }).format(new Date(iso));
}

const atMidnight = (day: string): Date => new Date(`${day.slice(0, 10)}T00:00:00Z`);

/** A date without its year, as `Nov 28`. */
export const formatDayOfYear = (day: string): string =>
  formatter(undefined, { ...DAY, timeZone: 'UTC' }).format(atMidnight(day));

/** A date, as `Nov 28`, with the year where that is another than now. */
export const formatDay = (day: string): string => formatPeriod(day, day);

/** Dates from the first to the last, as `Nov 28 – 30`, with the year where that of one is another than now. */
export function formatPeriod(from: string, to: string): string {
  const thisYear = new Date().getFullYear().toString();
  const isThisYear = [from, to].every((day) => day.startsWith(thisYear));
  const year = isThisYear ? {} : ({ year: 'numeric' } as const);
  return formatter(undefined, { ...DAY, ...year, timeZone: 'UTC' }).formatRange(atMidnight(from), atMidnight(to));
}

/** The month of a date, as `Nov 2026`. */
export function formatMonth(day: string): string {
  const options = { month: 'short', year: 'numeric', timeZone: 'UTC' } as const;
  return formatter(undefined, options).format(atMidnight(day));
}

/** A date with all that belongs to it, as `Sat, Nov 28, 2026`. */
export function formatFullDay(day: string): string {
  const options = { ...DAY, weekday: 'short', year: 'numeric', timeZone: 'UTC' } as const;
  return formatter(undefined, options).format(atMidnight(day));
}

/** Local hours and minutes of a text with offset. */
export const clock = (start: string): string => start.slice(11, 16);

/** The start of a bucket, as a row of a table and a tooltip name it. */
export function formatBucket(start: string, interval: Interval | '30s'): string {
  return interval === 'day' ? formatFullDay(start) : `${formatFullDay(start)}, ${clock(start)}`;
}
