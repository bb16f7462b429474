import { hash } from 'node:crypto';

/** 84 bits of SHA-1: short enough to be kept for every event, long enough that two of a billion never meet. */
export function shortHash(parts: readonly string[]): string {
  let text = '';
  // With its length before each, no two lists make the same text.
  for (const part of parts) text += `${part.length}:${part}`;
  return hash('sha1', text, 'base64url').slice(0, 14);
}
