import { useState } from 'preact/hooks';

const GROWTH = 5;
const MOST_ROWS = 1_000;

/** How many rows of a list are asked for: some, and more when it is wished. */
export function useRoom(rows: number): { readonly limit: number; readonly onMore: (() => void) | undefined } {
  const [limit, setLimit] = useState(rows);
  return { limit, onMore: limit < MOST_ROWS ? () => setLimit(Math.min(MOST_ROWS, limit * GROWTH)) : undefined };
}
