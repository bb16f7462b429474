import { withExactNumbers } from './numbers/exact-numbers.ts';

const PLAIN = /^[\w .:@/+=-]*$/;

/**
 * A text as JSON has it. Ids and names mostly need no escapes;
 * seeing that costs a third of looking for them one by one.
 */
export function jsonText(text: string): string {
  return PLAIN.test(text) ? `"${text}"` : JSON.stringify(text);
}

/** What a JSON text holds; undefined where it is none. */
export function parsedJson(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

/** Sixteen digits, with a point among them or not. Written out, it is looked for eight times as fast as with a repeat count. */
const MANY_DIGITS = /[0-9.][0-9.][0-9.][0-9.][0-9.][0-9.][0-9.][0-9.][0-9.][0-9.][0-9.][0-9.][0-9.][0-9.][0-9.][0-9.]/;

/** JSON.parse, with numbers as they were written also where a double does not hold them. @throws SyntaxError */
export function parseJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  return MANY_DIGITS.test(text) ? JSON.parse(withExactNumbers(text)) : value;
}
