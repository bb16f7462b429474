import { en } from './en/en.ts';

/** Texts of the archive's questions, of kept views and of refusals, in one language; another language has each of them, or does not compile. */
export type Words = typeof en;

let current: Words = en;

export function speakIn(spoken: Words): void {
  current = spoken;
}

/** The words of the language that is chosen. */
export const words = (): Words => current;
