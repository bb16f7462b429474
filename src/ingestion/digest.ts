import { hash } from 'node:crypto';

/** 96 bits of SHA-1: short enough to be kept for every event, long enough that two never meet. */
export function digest(parts: readonly string[]): string {
  return hash('sha1', JSON.stringify(parts), 'base64url').slice(0, 16);
}
