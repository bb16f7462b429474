import type { Data } from './answers.ts';

export type Window = Data<'/v1/leaderboard'>['windows'][number];

export const WINDOW_MS = 5_000;
export const HOUR_WINDOWS = 720;
export const HALF_MINUTE_MS = 30_000;

export interface HalfMinute {
  readonly start: string;
  readonly events: number;
}

/** Newest first; what is newer takes the place of what was known of the same window. */
export function joined(known: readonly Window[], newer: readonly Window[]): readonly Window[] {
  const oldestMs = Date.parse(newer.at(-1)?.start ?? '');
  const older = known.filter(({ start }) => Date.parse(start) < oldestMs);
  return [...newer, ...older].slice(0, HOUR_WINDOWS);
}

/** Without those of which a window is missing: the one that is under way, and one whose beginning is an hour ago. */
export function halvesOf(windows: readonly Window[]): HalfMinute[] {
  const halves = new Map<number, Window[]>();
  // The newest window is still open.
  for (const window of windows.slice(1)) {
    const half = Math.floor(Date.parse(window.start) / HALF_MINUTE_MS);
    halves.set(half, [window, ...(halves.get(half) ?? [])]);
  }
  const whole = [...halves.values()].filter((half) => half.length === HALF_MINUTE_MS / WINDOW_MS);
  return whole.reverse().map((half) => ({
    start: half[0]?.start ?? '',
    events: half.reduce((sum, { counts }) => sum + Object.values(counts).reduce((all, n) => all + n, 0), 0),
  }));
}
