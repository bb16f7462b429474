import type { Context, MiddlewareHandler } from 'hono';
import { compress } from 'hono/compress';

/** Smaller answers fit into a packet or two as they are. */
const COMPRESSED_FROM_BYTES = 2_048;

const compressed = compress({ threshold: COMPRESSED_FROM_BYTES });

export function takesPacked({ req }: Context): boolean {
  return req.method === 'GET' && req.header('Accept-Encoding') !== undefined;
}

/** Compresses an answer. */
export const packing: MiddlewareHandler = (context, answer) => {
  context.set('isPacking', true);
  return compressed(context, answer);
};

export function isPacking(context: Context): boolean {
  return context.get('isPacking') === true;
}
