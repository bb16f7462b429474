import { createHash } from 'node:crypto';

/** 96 bits of SHA-1: short enough to be kept for every event, long enough that two never meet. */
export function digest(parts: readonly string[]): string {
  return createHash('sha1').update(JSON.stringify(parts)).digest('base64url').slice(0, 16);
}
