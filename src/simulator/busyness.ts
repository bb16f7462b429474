const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** How busy a shop is from hour to hour of its local day; what matters is how they stand to each other. */
const BUSY = [6, 5, 4, 4, 4, 5, 6, 7, 8, 9, 10, 10, 11, 11, 10, 10, 11, 12, 13, 15, 16, 14, 11, 8];
/** A young shop: each day has so much of what the next one has. */
const GROWTH = 0.9;

interface PastAndPresent {
  readonly days: number;
  /** About so many, in all of these days. */
  readonly events: number;
  /** The past ends here; what comes then is as the last day was. */
  readonly endMs: number;
  readonly localHour: (ms: number) => number;
}

/** Events in the hour that begins at a moment: of the past, and of what comes after it. */
export function busyness({ days, events, endMs, localHour }: PastAndPresent): (ms: number) => number {
  const weightOf = (ms: number): number => (BUSY[localHour(ms)] ?? 1) * GROWTH ** Math.max(0, (endMs - ms) / DAY_MS);
  const all = hoursBefore(endMs, days).reduce((sum, ms) => sum + weightOf(ms), 0);
  return (ms) => (events * weightOf(ms)) / all;
}

/** The hours of so many days that end at a moment, from the first one on. */
export const hoursBefore = (endMs: number, days: number): readonly number[] =>
  Array.from({ length: days * 24 }, (_, i) => endMs - (days * 24 - i) * HOUR_MS);

/** A visitor does something about so often. */
const PACE_SECONDS = 25;

/** How many are about where a shop has so many events in an hour: visits of a quiet one are as long as those of a busy one. */
export const visitorsAtOnce = (eventsInHour: number): number =>
  Math.max(1, Math.round((eventsInHour / 3_600) * PACE_SECONDS));
