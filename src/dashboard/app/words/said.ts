import type { german } from './de/german.ts';

/** Every text of the page by its English; one that another language lacks does not compile. */
export type Said = keyof typeof german;

let translated: Readonly<Record<Said, string>> | undefined;

/** Before the page is loaded: its lists of words are made once. */
export function translate(by: Readonly<Record<Said, string>>): void {
  translated = by;
}

/** A text in the reader's language, with what belongs into its braces. */
export function said(text: Said, values?: Readonly<Record<string, string>>): string {
  const written: string = translated?.[text] ?? text;
  // Most have none, and some are said each second.
  return values === undefined ? written : filled(written, values);
}

/** A text with what belongs into its braces. */
export const filled = (text: string, values: Readonly<Record<string, string>>): string =>
  text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);

/** A noun within a sentence: German ones keep their capitals. */
export const amid = (noun: string): string => (translated === undefined ? noun.toLowerCase() : noun);
