import type { Context } from 'hono';

/** Something of which there may be so much at once. */
export interface Limit {
  readonly most: number;
  readonly used: number;
  /** When it is worth another try, once nothing is left. */
  readonly resetSeconds: number;
}

/** Says in an answer, refused or not, how much is left; of several limits, of that which is reached first. */
export function sayLimit(context: Context, { most, used, resetSeconds }: Limit): void {
  const left = Math.max(0, most - used);
  const said: unknown = context.get('limitLeft');
  if (typeof said === 'number' && said <= left) return;
  context.set('limitLeft', left);
  context.header('RateLimit-Limit', String(most));
  context.header('RateLimit-Remaining', String(left));
  context.header('RateLimit-Reset', String(resetSeconds));
}
