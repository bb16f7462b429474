/** Local date and time of an ISO text with offset, as the store's clock showed it. */
export function clock(iso: string, interval: string): string {
  return interval === 'day' ? iso.slice(5, 10) : iso.slice(11, 16);
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
