import type { z } from '@hono/zod-openapi';
import type { Calendar } from '../time/calendar.ts';
import type { metaSchema } from './schemas.ts';

/** What it takes to say when an answer was made. */
export interface Clock {
  readonly calendar: Calendar;
  readonly now: () => number;
  /** The moment up to which everything is in the answers. */
  readonly asOf: () => Promise<number>;
}

export type Meta = z.infer<typeof metaSchema>;

/** Of an answer that speaks of the present: its period is today. */
export async function metaOfNow({ calendar, now, asOf }: Clock): Promise<Meta> {
  const asOfMs = await asOf();
  const nowMs = now();
  const today = calendar.at(nowMs).day;
  return {
    from: today,
    to: today,
    timezone: calendar.timezone,
    approximate: [],
    generated_at: calendar.format(nowMs),
    as_of: calendar.format(asOfMs),
  };
}

/** A moment as it is kept, in the form that moments have in answers. */
export function inStoreTime({ calendar }: Pick<Clock, 'calendar'>, moment: string): string {
  return calendar.format(Date.parse(moment));
}
