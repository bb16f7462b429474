import { z } from 'zod';
import type { LinkRecord } from '../../events/event.ts';
import { openMarks } from './open-marks.ts';

const count = z.number();

/** What is open of a guest, on its way to the user: sessions and carts as the store keeps them. */
const openSchema = z.object({
  /** Timestamp of the guest's newest event. */
  newest: count.optional(),
  /** Lane time at which their newest session began. */
  began: count.optional(),
  /** They have never been anybody else: their visits so far are nobody's yet. */
  alone: z.boolean().optional(),
  /** What brought them last, and when. */
  touch: z.object({ at: count, values: z.array(z.string()) }).optional(),
  /** A session by its id, with the moment of its first event, which the archive knows it by; moments in its state count from the epoch. */
  session: z.object({ id: z.string(), first: count, state: z.string(), bought: z.boolean().optional() }).optional(),
  cart: z.string().optional(),
  /** Where they are counted. */
  marks: openMarks.optional(),
  /** When they bought first, where that is counted by; true where that is not known. */
  buyer: z.union([count, z.literal(true)]).optional(),
  /** Timestamp of their newest purchase. */
  bought: count.optional(),
  /** The newest interactions: timestamps and members in turns. */
  interactions: z.array(z.string()).optional(),
});

export type OpenState = z.infer<typeof openSchema>;

/** What is no such state is nothing: it was not this system that wrote it. */
export function parseOpen(value: unknown): OpenState {
  const parsed = openSchema.safeParse(value);
  return parsed.success ? parsed.data : {};
}

/** The session that a record is about; empty where it has none. */
export function sessionIdIn(record: Extract<LinkRecord, { kind: 'merge' | 'returned' }>): string {
  return record.kind === 'returned' ? record.sessionId : (parseOpen(record.open).session?.id ?? '');
}
