import { type Said, said } from '../words/said.ts';
import { formatBucket, formatFullDay, formatMoment } from './time.ts';

/** Numbers as the reader's locale writes them, money in its currency, times in the store's zone. */
const whole = new Intl.NumberFormat();
const short = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 });
const precise = new Intl.NumberFormat(undefined, { maximumFractionDigits: 2 });
const percent = new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: 1 });
const money = new Map<string, Intl.NumberFormat>();

interface Store {
  readonly currency: string;
  readonly timezone: string;
}

export type Format =
  | 'text'
  | 'move'
  | 'count'
  | 'decimal'
  | 'money'
  | 'rate'
  | 'seconds'
  | 'bytes'
  | 'moment'
  | 'second'
  | 'hour'
  | 'day';

/** Formats of texts; all others are numbers. */
const TEXTS: readonly Format[] = ['text', 'move', 'moment', 'second', 'hour', 'day'];
export const isText = (as: Format): boolean => TEXTS.includes(as);

export function formatMoney(value: number, currency: string): string {
  const known = money.get(currency) ?? new Intl.NumberFormat(undefined, { style: 'currency', currency });
  money.set(currency, known);
  return known.format(value);
}

const compact = new Intl.NumberFormat(undefined, { notation: 'compact', maximumFractionDigits: 1 });

/** On an axis, where there is little room: without cents, and thousands as K. */
export function formatOnAxis(value: number, as: Format, { currency, timezone }: Store): string {
  if (as === 'rate') return format(value, as, { currency, timezone });
  if (as !== 'money') return compact.format(value);
  const options = { style: 'currency', currency, notation: 'compact', maximumFractionDigits: 1 } as const;
  const known = money.get(`${currency} short`) ?? new Intl.NumberFormat(undefined, options);
  money.set(`${currency} short`, known);
  return known.format(value);
}

function formatSeconds(seconds: number): string {
  if (seconds < 60) return `${short.format(seconds)} s`;
  if (seconds < 3_600) return `${short.format(seconds / 60)} min`;
  return seconds < 172_800
    ? `${short.format(seconds / 3_600)} h`
    : said('{n} d', { n: short.format(seconds / 86_400) });
}

function formatBytes(bytes: number): string {
  if (bytes < 1_024) return `${whole.format(bytes)} B`;
  return bytes < 1_048_576 ? `${short.format(bytes / 1_024)} KiB` : `${short.format(bytes / 1_048_576)} MiB`;
}

/** A cell; a dash where there is no value. */
export function format(value: unknown, as: Format, { currency, timezone }: Store): string {
  if (typeof value === 'string') return formatText(value, as, timezone);
  if (typeof value !== 'number') return '–';
  switch (as) {
    case 'money':
      return formatMoney(value, currency);
    case 'rate':
      return percent.format(value);
    case 'seconds':
      return formatSeconds(value);
    case 'bytes':
      return formatBytes(value);
    case 'decimal':
      return short.format(value);
    default:
      return whole.format(value);
  }
}

function formatText(text: string, as: Format, timezone: string): string {
  if (as === 'moment') return formatMoment(text, timezone);
  if (as === 'second') return text.slice(11, 19);
  if (as === 'hour') return formatBucket(text, 'hour');
  return as === 'day' ? formatFullDay(text) : text;
}

export const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

const orDash =
  (write: (value: number) => string) =>
  (value: number | null | undefined): string =>
    value == null ? '–' : write(value);

/** As the formats of the same name; a dash where the number is not known, or where there is none. */
export const writeCount = orDash((value) => whole.format(value));
export const writeRate = orDash((value) => percent.format(value));
export const writeSeconds = orDash(formatSeconds);
export const writeMoney = (value: number | null | undefined, currency: string): string =>
  orDash((amount) => formatMoney(amount, currency))(value);

/** Of one, or of so many. */
export const counted = (n: number, one: Said, several: Said, values: Readonly<Record<string, string>> = {}): string =>
  said(n === 1 ? one : several, { ...values, n: whole.format(n) });

export const formatCount = (value: number): string => whole.format(value);
export const formatPrecise = (value: number): string => precise.format(value);
export const formatDecimal = (value: number): string => short.format(value);
export const formatRate = (value: number): string => percent.format(value);

const points = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1, signDisplay: 'never' });
const unsigned = new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: 1, signDisplay: 'never' });

/** Up or down, and by how much; of a share in percentage points. */
export function formatMove(now: number, before: number, isShare: boolean): string {
  if (!isShare && before === 0) return now === 0 ? '±0' : said('new');
  const by = isShare ? 100 * (now - before) : (now - before) / before;
  const written = isShare ? said('{n} pp', { n: points.format(by) }) : unsigned.format(by);
  return /[1-9]/.test(written) ? `${now > before ? '▲' : '▼'} ${written}` : '±0';
}
