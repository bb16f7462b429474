import { createHash } from 'node:crypto';
import { z } from '@hono/zod-openapi';
import type { Calendar } from '../time/calendar.ts';

/** They are read whole whenever they are listed. */
export const MAX_NOTES = 1_000;
const MAX_TEXT = 280;

export const COLORS = ['gray', 'red', 'orange', 'green', 'blue', 'purple'] as const;

/** What somebody gives to have it noted. */
export const noteInput = z.strictObject({
  at: z.string().max(40).openapi({
    description: 'a date, or a date-time; without an offset it is the store’s time',
    example: '2026-11-27T09:00',
  }),
  text: z.string().trim().min(1).max(MAX_TEXT).openapi({ example: 'Black Friday: 20 % off everything' }),
  color: z.enum(COLORS).default('gray').openapi({ example: 'orange' }),
});
export type NoteInput = z.infer<typeof noteInput>;

export const noteSchema = noteInput.omit({ at: true }).strip().extend({ id: z.string(), atMs: z.int() });
/** What happened in or around the shop, and when: it stands on charts beside the numbers. */
export type Note = z.infer<typeof noteSchema>;

export interface NoteStore {
  /** In no order. */
  all(): Promise<readonly Note[]>;
  /** In the place of the one that has its id. */
  put(note: Note): Promise<'kept' | 'full'>;
  remove(id: string): Promise<boolean>;
}

/** The same moment and text are the same note, so that a request may be repeated. */
export function noteOf({ text, color }: NoteInput, atMs: number): Note {
  const id = createHash('sha256')
    .update(JSON.stringify([atMs, text]))
    .digest('hex')
    .slice(0, 16);
  return { id, atMs, text, color };
}

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const LOCAL = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})(?::(\d{2}))?$/;
const withOffset = z.iso.datetime({ offset: true });

/** Is it a date without a time? */
export const isDate = (text: string): boolean => DATE.test(text);

/** The moment that a text names; the first of the day where it is a date. Undefined where it names none. */
export function momentOf(text: string, calendar: Pick<Calendar, 'moment'>): number | undefined {
  if (withOffset.safeParse(text).success) return Date.parse(text);
  const found = LOCAL.exec(text) ?? DATE.exec(text);
  if (found === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = found
    .slice(1)
    .map((part) => Number(part ?? 0));
  return calendar.moment({ year, month, day, hour, minute, second });
}
