/** A window of local time that a key covers; `none` where the key is not about a time. */
export type WindowName = '5s' | '30s' | '15m' | 'hour' | 'day' | 'none';

/** The local windows that a moment falls into. One object per quarter of an hour, so that it may serve as a map key. */
export interface LocalTime {
  /** `2026-11-20T14:15` */
  readonly quarter: string;
  /** `2026-11-20T14`; with its offset, `2026-10-25T02+01:00`, where daylight saving makes the hour double. */
  readonly hour: string;
  /** `2026-11-20` */
  readonly day: string;
  readonly quarterStartMs: number;
  readonly hourStartMs: number;
}

/** The windows of a few seconds as well, for what is kept of the last hour only. */
export interface RealtimeTime extends LocalTime {
  /** `2026-11-20T14:15:05` */
  readonly fiveSeconds: string;
  /** `2026-11-20T14:15:00` */
  readonly halfMinute: string;
}

/** Stands in where a key is not about a time. */
export const NO_TIME: LocalTime = { quarter: '', hour: '', day: '', quarterStartMs: 0, hourStartMs: 0 };

/** One window of a series. */
export interface Bucket {
  readonly label: string;
  readonly startMs: number;
}

const DAY_LABEL_LENGTH = '2026-11-20'.length;
export const HOUR_LABEL_LENGTH = '2026-11-20T14'.length;

/** Is it a day's label, among those of hours and quarters? */
export const isDayLabel = (label: string): boolean => label.length === DAY_LABEL_LENGTH;

/** The day that a label of any window is in. */
export const dayOf = (label: string): string => label.slice(0, DAY_LABEL_LENGTH);

/** The quarters of an hour, by labels. */
export function quartersOf(hour: string): string[] {
  const offset = hour.slice(HOUR_LABEL_LENGTH);
  return ['00', '15', '30', '45'].map((minute) => `${hour.slice(0, HOUR_LABEL_LENGTH)}:${minute}${offset}`);
}

/** The label of one of a moment's windows. */
export function labelOf(time: LocalTime | RealtimeTime, window: WindowName): string {
  switch (window) {
    case 'hour':
      return time.hour;
    case 'day':
      return time.day;
    case '15m':
      return time.quarter;
    case 'none':
      return '';
    default:
      if (!('fiveSeconds' in time)) throw new Error(`a window of ${window} needs a time that fine`);
      return window === '5s' ? time.fiveSeconds : time.halfMinute;
  }
}
