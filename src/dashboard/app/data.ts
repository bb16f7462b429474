/** Answers as they come: looked at with care, since a page may be older or newer than its server. */
export type Row = Readonly<Record<string, unknown>>;

export const isRow = (value: unknown): value is Row =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
export const rowsOf = (value: unknown): Row[] => (Array.isArray(value) ? value.filter(isRow) : []);
export const rowOf = (value: unknown): Row => (isRow(value) ? value : {});
export const num = (value: unknown): number => (typeof value === 'number' ? value : 0);
export const maybe = (value: unknown): number | null => (typeof value === 'number' ? value : null);
export const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Local date and time of an ISO text with offset, as the store's clock showed it. */
export function clock(iso: unknown, interval: string): string {
  const written = text(iso);
  if (interval === 'day') return written.slice(5, 10);
  return written.slice(11, 16);
}

/** Dates around one, by the calendar alone. */
export function addDays(day: string, days: number): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, 10);
}

export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);
}
