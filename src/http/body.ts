import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { Context } from 'hono';
import { badRequest, type HttpProblem, tooLarge, unsupported } from './problems.ts';

/** The request's body as it came: as gzip, or as it is. @throws HttpProblem where it was packed otherwise */
export function bodyAsItCame(context: Context): Readable {
  const encoding = encodingOf(context);
  if (encoding !== 'gzip' && encoding !== 'identity')
    throw unsupported(`Content-Encoding ${encoding} is not accepted; use gzip or none`);
  return Readable.from(context.req.raw.body ?? [], { objectMode: false });
}

/** The request's body as a stream, unpacked where it came as gzip. */
function bodyStream(context: Context): Readable {
  const source = bodyAsItCame(context);
  if (encodingOf(context) === 'identity') return source;
  const gunzip = createGunzip();
  source.on('error', (error) => gunzip.destroy(error));
  return source.pipe(gunzip);
}

/** The whole body, at most maxBytes of it before and after unpacking. @throws HttpProblem */
export async function readBody(context: Context, maxBytes: number): Promise<Buffer> {
  const declared = Number(context.req.header('Content-Length') ?? 0);
  if (declared > maxBytes) throw tooLarge(`The body has ${declared} bytes; at most ${maxBytes} are accepted`);
  if (declared > 0 && encodingOf(context) === 'identity') return wholeBody(context, maxBytes);
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of bodyStream(context)) {
      const part: Buffer = Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk);
      bytes += part.byteLength;
      if (bytes > maxBytes) throw tooLarge(`The body has more than ${maxBytes} bytes`);
      chunks.push(part);
    }
  } catch (error) {
    if (isCutOff(error)) throw cutOff();
    throw isZlibError(error) ? badRequest('The body is not gzip, though Content-Encoding says so') : error;
  }
  return Buffer.concat(chunks);
}

/** `x-gzip` is gzip's older name; an empty header says nothing. */
export function encodingOf(context: Context): string {
  const encoding = context.req.header('Content-Encoding')?.trim().toLowerCase() || 'identity';
  return encoding === 'x-gzip' ? 'gzip' : encoding;
}

/** Where its length is known it needs no stream, which costs more than a small body itself. */
async function wholeBody(context: Context, maxBytes: number): Promise<Buffer> {
  const body = Buffer.from(
    await context.req.arrayBuffer().catch((error: unknown) => {
      throw isCutOff(error) ? cutOff() : error;
    }),
  );
  if (body.byteLength > maxBytes) throw tooLarge(`The body has more than ${maxBytes} bytes`);
  return body;
}

/** Has whoever sent it left, or been cut since it came too slowly? Nobody reads the answer, and nothing is wrong here. */
export function isCutOff(error: unknown): boolean {
  return error instanceof Error && error.message === 'aborted' && 'code' in error && error.code === 'ECONNRESET';
}

export const cutOff = (): HttpProblem => badRequest('The body did not come whole');

function isZlibError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('Z_');
}

export function mediaType(context: Context): string {
  return (context.req.header('Content-Type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}
