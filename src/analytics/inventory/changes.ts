import { z } from 'zod';
import type { HistoryEntry } from '../../metrics/reader.ts';

const stored = z.tuple([z.string(), z.number()]);

export interface Change {
  readonly atMs: number;
  readonly eventId: string;
  readonly value: number;
}

/** An entry of a stock or price history. */
export function parseChange({ atMs, member }: HistoryEntry): Change {
  const [eventId, value] = stored.parse(JSON.parse(member));
  return { atMs, eventId, value };
}
