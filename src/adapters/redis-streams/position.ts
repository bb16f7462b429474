import type { Position } from '../../ingestion/ports/event-log.ts';

/** `offset@entry`: how many records lie before it, and the entry that holds the last of them. */
export const START = '0@0-0' as Position;

export function positionAt(offset: number, entry: string): Position {
  return `${offset}@${entry}` as Position;
}

export function offsetOf(position: Position): number {
  return Number(position.slice(0, position.indexOf('@')));
}

export function entryOf(position: Position): string {
  return position.slice(position.indexOf('@') + 1);
}
