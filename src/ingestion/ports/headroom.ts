/**
 * Is there room for what counting writes? Looked at beforehand, since a
 * store that is full serves nobody: rollups and answers need some too.
 */
export interface Headroom {
  /** Why nothing more may be written for now; undefined where there is room. */
  full(): string | undefined;
}

export const BOUNDLESS: Headroom = { full: () => undefined };

/** The store has no room left; counting goes on by itself when it has. */
export class StoreFull extends Error {
  readonly code = 'store-full';
  readonly retryable = true;
}
