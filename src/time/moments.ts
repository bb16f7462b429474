import type { Calendar } from './calendar.ts';

const TIME =
  /^(?<year>\d{4})-(?<month>\d{2})-(?<day>\d{2})(?:[T ](?<hour>\d{2}):(?<minute>\d{2})(?::(?<second>\d{2})(?:\.(?<fraction>\d+))?)?)?\s*(?<zone>Z|UTC|[+-]\d{2}:?\d{2})?$/;

/** When something happened, as people and books write it: without an offset it is the store's time. Undefined where it is no moment. */
export function momentOf(text: string, calendar: Pick<Calendar, 'moment'>): number | undefined {
  const parts = TIME.exec(text)?.groups;
  if (parts === undefined) return undefined;
  const part = (name: string): number => Number(parts[name] ?? 0);
  const [year, month, day, hour, minute, second] = ['year', 'month', 'day', 'hour', 'minute', 'second'].map(part);
  if (year === undefined || month === undefined || day === undefined) return undefined;
  const { zone, fraction = '' } = parts;
  const thousandths = Number(fraction.padEnd(3, '0').slice(0, 3));
  if (zone === undefined) {
    const ms = calendar.moment({ year, month, day, hour: hour ?? 0, minute: minute ?? 0, second: second ?? 0 });
    return ms === undefined ? undefined : ms + thousandths;
  }
  const offset = zone === 'UTC' ? 'Z' : zone.replace(/^([+-]\d{2})(\d{2})$/, '$1:$2');
  const two = (number = 0): string => String(number).padStart(2, '0');
  const date = text.slice(0, 10);
  const ms = Date.parse(`${date}T${two(hour)}:${two(minute)}:${two(second)}${offset}`);
  // JavaScript takes February 30 for March 2.
  return Number.isNaN(ms) || calendar.moment({ year, month, day, hour: 12, minute: 0, second: 0 }) === undefined
    ? undefined
    : ms + thousandths;
}
