import type { Context } from 'hono';

/** Something of which there may be so much at once. */
export interface Limit {
  readonly most: number;
  readonly used: number;
  /** When it is worth another try, once nothing is left. */
  readonly resetSeconds: number;
}

/** Says in an answer, refused or not, how much is left. */
export function sayLimit(context: Context, { most, used, resetSeconds }: Limit): void {
  context.header('RateLimit-Limit', String(most));
  context.header('RateLimit-Remaining', String(Math.max(0, most - used)));
  context.header('RateLimit-Reset', String(resetSeconds));
}
