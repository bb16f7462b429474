/** Numbers as the reader's locale writes them, money in the currency of the answer. */
const whole = new Intl.NumberFormat();
const short = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 });
const percent = new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: 1 });
const signed = new Intl.NumberFormat(undefined, {
  style: 'percent',
  maximumFractionDigits: 1,
  signDisplay: 'exceptZero',
});
const money = new Map<string, Intl.NumberFormat>();

export type Format = 'text' | 'count' | 'decimal' | 'money' | 'rate' | 'seconds' | 'bytes' | 'time';

export function formatMoney(value: number, currency: string): string {
  const known = money.get(currency) ?? new Intl.NumberFormat(undefined, { style: 'currency', currency });
  money.set(currency, known);
  return known.format(value);
}

export function formatSeconds(seconds: number): string {
  if (seconds < 120) return `${short.format(seconds)} s`;
  if (seconds < 7_200) return `${short.format(seconds / 60)} min`;
  return seconds < 172_800 ? `${short.format(seconds / 3_600)} h` : `${short.format(seconds / 86_400)} d`;
}

function formatBytes(bytes: number): string {
  if (bytes < 1_024) return `${whole.format(bytes)} B`;
  return bytes < 1_048_576 ? `${short.format(bytes / 1_024)} KiB` : `${short.format(bytes / 1_048_576)} MiB`;
}

/** A cell; a dash where there is no value. */
export function format(value: unknown, as: Format, currency: string): string {
  if (typeof value === 'string') return as === 'time' ? value.slice(0, 16).replace('T', ' ') : value;
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

export const formatCount = (value: number): string => whole.format(value);
export const formatRate = (value: number): string => percent.format(value);

/** By how much a number moved against the period before. */
export function formatChange(now: number, before: number): string {
  if (before === 0) return now === 0 ? '±0' : 'new';
  return signed.format((now - before) / before);
}
