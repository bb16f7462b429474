/**
 * Stands before an import's id in the name of the lane in which what it counted is taken back: the same records are folded there once more,
 * in the same order and by the same lane time, so that they come to the same sums; these are written with a minus. No import is called so.
 */
const MARK = '-';

export const takingBackLane = (importId: string): string => `${MARK}${importId}`;

/** The import that is taken back in the lane; undefined where none is. */
export function importTakenBackIn(lane: string): string | undefined {
  return lane.startsWith(MARK) ? lane.slice(MARK.length) : undefined;
}

export const takesBack = (lane: string): boolean => lane.startsWith(MARK);
