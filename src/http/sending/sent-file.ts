import type { Readable } from 'node:stream';
import type { Context } from 'hono';
import { isPacked } from '../../imports/file.ts';
import { BrokenFile, FileTooLarge, NotThisFormat } from '../../imports/problems.ts';
import { NoRoom, type Spool } from '../../imports/spool.ts';
import { bodyAsItCame, cutOff, encodingOf, isCutOff } from '../body.ts';
import { badRequest, tooLarge, unavailable } from '../problems.ts';

/** Hands the body over as a file, which goes when it was read. @throws HttpProblem */
export async function withSentFile<T>(
  context: Context,
  spool: Pick<Spool, 'write' | 'remove'>,
  work: (path: string) => Promise<T>,
  nothingDone = 'Nothing was counted',
): Promise<T> {
  try {
    const path = await spool.write(sentBytes(context), Number(context.req.header('Content-Length') ?? 0));
    try {
      if (encodingOf(context) === 'gzip' && !(await isPacked(path)))
        throw badRequest('The body is not gzip, though Content-Encoding says so');
      return await work(path);
    } finally {
      await spool.remove(path);
    }
  } catch (error) {
    throw toProblem(error, nothingDone);
  }
}

/** Packed where it is: it is unpacked while it is read, and never lies on the disk larger than it came. */
function sentBytes(context: Context): Readable {
  // Whoever reads it learns of an error; where nobody does, a connection that is cut must not end the process.
  return bodyAsItCame(context).on('error', () => undefined);
}

function toProblem(error: unknown, nothingDone: string): unknown {
  if (error instanceof NotThisFormat) return badRequest(error.message, [{ path: 'header', message: error.message }]);
  if (error instanceof BrokenFile) {
    const path = error.line === undefined ? 'file' : `line ${error.line}`;
    return badRequest(`${nothingDone}: ${error.message}`, [{ path, message: error.message }]);
  }
  if (error instanceof FileTooLarge) return tooLarge(`${nothingDone}: ${error.message}`);
  if (isCutOff(error)) return cutOff();
  if (error instanceof NoRoom) return unavailable(`${nothingDone}: ${error.message}`);
  return error;
}
