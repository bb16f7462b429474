import { en } from './en/en.ts';

/** All words of the page in one language; another language has each of them, or does not compile. */
export type Words = typeof en;

const current: Words = en;

/** The words of the language that is chosen. */
export const words = (): Words => current;
