import { Temporal } from 'temporal-polyfill';
import { type Bucket, HOUR_LABEL_LENGTH, type LocalTime, labelOf, type RealtimeTime } from './windows.ts';

const QUARTER_MS = 15 * 60_000;
/** The same local hour comes at most two hours later once more (Troll), and is an hour long. */
const NEAR_MS = 3 * 3_600_000;
const REALTIME_MS = 5_000;
const CACHE_LIMIT = 50_000;
const REALTIME_CACHE_LIMIT = 2_000;

/** The store's calendar: from moments to local windows and back, right across daylight-saving changes. */
export class Calendar {
  readonly timezone: string;
  private readonly byQuarter = new Map<number, LocalTime>();
  private readonly byRealtime = new Map<number, RealtimeTime>();
  private readonly dayStarts = new Map<string, number>();
  private readonly offsets = new Map<number, { readonly offsetMs: number; readonly offset: string }>();

  /** @throws RangeError where the time zone is unknown */
  constructor(timezone: string) {
    this.timezone = timezone;
    this.zoned(0);
  }

  at(ms: number): LocalTime {
    const index = Math.floor(ms / QUARTER_MS);
    const known = this.byQuarter.get(index);
    if (known) return known;
    if (this.byQuarter.size >= CACHE_LIMIT) this.byQuarter.clear();
    const made = this.make(index * QUARTER_MS);
    this.byQuarter.set(index, made);
    return made;
  }

  /** As `at`, down to five seconds. */
  realtime(ms: number): RealtimeTime {
    const index = Math.floor(ms / REALTIME_MS);
    const known = this.byRealtime.get(index);
    if (known) return known;
    if (this.byRealtime.size >= REALTIME_CACHE_LIMIT) this.byRealtime.clear();
    const time = this.at(ms);
    const seconds = 60 * minuteOf(time.quarter) + Math.floor((index * REALTIME_MS - time.quarterStartMs) / 1_000);
    const offset = time.hour.slice(HOUR_LABEL_LENGTH);
    const label = (at: number): string =>
      `${time.hour.slice(0, HOUR_LABEL_LENGTH)}:${twoDigits(Math.floor(at / 60))}:${twoDigits(at % 60)}${offset}`;
    const made = { ...time, fiveSeconds: label(seconds), halfMinute: label(seconds - (seconds % 30)) };
    this.byRealtime.set(index, made);
    return made;
  }

  private zoned(ms: number): Temporal.ZonedDateTime {
    return Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(this.timezone);
  }

  private make(startMs: number): LocalTime {
    const here = this.zoned(startMs);
    const label = localHour(here);
    const near = this.nearChange(startMs);
    const isDouble = near.some((other) => other.offset !== here.offset && localHour(other) === label);
    const offset = isDouble ? here.offset : '';
    // Where the clocks change within an hour, it begins later than its minutes say.
    const startsHere = near.filter((other) => other.offset === here.offset && localHour(other) === label);
    const hourStartMs = startsHere[0]?.epochMilliseconds ?? startMs - here.minute * 60_000;
    return {
      quarter: `${label}:${twoDigits(here.minute)}${offset}`,
      hour: `${label}${offset}`,
      day: here.toPlainDate().toString(),
      quarterStartMs: startMs,
      hourStartMs,
    };
  }

  /** Quarters of an hour around a moment, in order, where clocks change within three hours of it; none where they do not. */
  private nearChange(ms: number): Temporal.ZonedDateTime[] {
    const [before, here, after] = [-NEAR_MS, 0, NEAR_MS].map((shift) => this.zoned(ms + shift).offset);
    if (before === here && here === after) return [];
    const quarters = (2 * NEAR_MS) / QUARTER_MS + 1;
    return Array.from({ length: quarters }, (_, i) => this.zoned(ms - NEAR_MS + i * QUARTER_MS));
  }

  /** The moment of a local date and time, or undefined where there is no such date. A time that daylight saving skips moves on. */
  moment(parts: {
    year: number;
    month: number;
    day: number;
    hour: number;
    minute: number;
    second: number;
  }): number | undefined {
    try {
      return Temporal.PlainDateTime.from(parts, { overflow: 'reject' }).toZonedDateTime(this.timezone)
        .epochMilliseconds;
    } catch {
      return undefined;
    }
  }

  /**
   * Label of an hour of a local date: the first of the two where
   * daylight saving doubles it, the next where it skips it.
   */
  hourOf(day: string, hour: number): string {
    return this.at(
      Temporal.PlainDate.from(day).toZonedDateTime({ timeZone: this.timezone, plainTime: { hour } }).epochMilliseconds,
    ).hour;
  }

  /** First moment of a local date. */
  dayStart(day: string): number {
    const known = this.dayStarts.get(day);
    if (known !== undefined) return known;
    if (this.dayStarts.size >= CACHE_LIMIT) this.dayStarts.clear();
    const startMs = Temporal.PlainDate.from(day).toZonedDateTime(this.timezone).epochMilliseconds;
    this.dayStarts.set(day, startMs);
    return startMs;
  }

  addDays(day: string, days: number): string {
    return Temporal.PlainDate.from(day).add({ days }).toString();
  }

  /** The same date of the year before; the last of February for a leap day. */
  yearBefore(day: string): string {
    return Temporal.PlainDate.from(day).subtract({ years: 1 }).toString();
  }

  /** The moment at which a local date has the time of day that another moment has. */
  sameTimeOn(day: string, ms: number): number {
    const plainTime = this.zoned(ms).toPlainTime();
    return Temporal.PlainDate.from(day).toZonedDateTime({ timeZone: this.timezone, plainTime }).epochMilliseconds;
  }

  /** Whole days from one local date to another. */
  daysBetween(from: string, to: string): number {
    return Temporal.PlainDate.from(from).until(Temporal.PlainDate.from(to), { largestUnit: 'days' }).days;
  }

  /** ISO 8601 with the store's offset at that moment. */
  format(ms: number): string {
    const { offsetMs, offset } = this.offsetAt(ms);
    const local = new Date(ms + offsetMs).toISOString();
    return `${ms % 1_000 === 0 ? local.slice(0, -'.000Z'.length) : local.slice(0, -'Z'.length)}${offset}`;
  }

  /** Offsets change at quarters of an hour at the earliest. */
  private offsetAt(ms: number): { readonly offsetMs: number; readonly offset: string } {
    const index = Math.floor(ms / QUARTER_MS);
    const known = this.offsets.get(index);
    if (known) return known;
    if (this.offsets.size >= CACHE_LIMIT) this.offsets.clear();
    const { offsetNanoseconds, offset } = this.zoned(ms);
    const made = { offsetMs: offsetNanoseconds / 1e6, offset };
    this.offsets.set(index, made);
    return made;
  }

  /** Windows of a few seconds that begin in [fromMs, toMs), in order. */
  realtimeBuckets(window: '5s' | '30s', fromMs: number, toMs: number): Bucket[] {
    const stepMs = window === '5s' ? 5_000 : 30_000;
    const buckets: Bucket[] = [];
    for (let ms = Math.ceil(fromMs / stepMs) * stepMs; ms < toMs; ms += stepMs)
      buckets.push({ label: labelOf(this.realtime(ms), window), startMs: ms });
    return buckets;
  }

  /** Local windows that begin in [fromMs, toMs), in order. */
  buckets(window: '15m' | 'hour' | 'day', fromMs: number, toMs: number): Bucket[] {
    const buckets: Bucket[] = [];
    if (window === 'day') {
      for (let day = this.at(fromMs).day; this.dayStart(day) < toMs; day = this.addDays(day, 1)) {
        buckets.push({ label: day, startMs: this.dayStart(day) });
      }
      return buckets;
    }
    for (let ms = fromMs; ms < toMs; ms += QUARTER_MS) {
      const time = this.at(ms);
      const label = window === 'hour' ? time.hour : time.quarter;
      if (buckets.at(-1)?.label !== label)
        buckets.push({ label, startMs: window === 'hour' ? time.hourStartMs : time.quarterStartMs });
    }
    return buckets;
  }
}

/** Of a quarter's label. */
const minuteOf = (quarter: string): number => Number(quarter.slice(HOUR_LABEL_LENGTH + 1, HOUR_LABEL_LENGTH + 3));

const twoDigits = (n: number): string => String(n).padStart(2, '0');

function localHour(at: Temporal.ZonedDateTime): string {
  return `${at.toPlainDate().toString()}T${twoDigits(at.hour)}`;
}
