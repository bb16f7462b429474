import { z } from '@hono/zod-openapi';
import { shortHash } from '../events/ids/short-hash.ts';
import type { Kept } from '../runtime/kept.ts';

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
  put(note: Note): Promise<Kept>;
  remove(id: string): Promise<boolean>;
}

/** The same moment and text are the same note, so that a request may be repeated. */
export function noteOf({ text, color }: NoteInput, atMs: number): Note {
  return { id: shortHash([String(atMs), text]), atMs, text, color };
}
