import type { Mark } from './mark.ts';

/** Marks that are shown as one, and where. */
export interface Place {
  readonly x: number;
  readonly y: number;
  readonly marks: readonly Mark[];
}

/** Nearer to each other they could not be pressed one by one. */
const APART_PX = 24;

/** Marks that lie too near to each other become one, where the first of them is. */
export function joined(places: readonly Place[]): readonly Place[] {
  const apart: Place[] = [];
  for (const place of places) {
    const last = apart.at(-1);
    if (last === undefined || place.x - last.x >= APART_PX) apart.push(place);
    else apart[apart.length - 1] = { ...last, marks: [...last.marks, ...place.marks] };
  }
  return apart;
}
