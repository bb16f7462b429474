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
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
