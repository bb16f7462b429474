import type { Context, MiddlewareHandler } from 'hono';
import { compress } from 'hono/compress';

/** Smaller answers fit into a packet or two as they are. */
const COMPRESSED_FROM_BYTES = 2_048;

const compressed = compress({ threshold: COMPRESSED_FROM_BYTES });

/** Compresses the answer to a GET for whoever takes that. */
export const packing: MiddlewareHandler = (context, answer) => {
  if (context.req.method !== 'GET' || context.req.header('Accept-Encoding') === undefined) return answer();
  context.set('isPacking', true);
  return compressed(context, answer);
};

export function isPacking(context: Context): boolean {
  return context.get('isPacking') === true;
}
