import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Makes a directory and those above it, for their owner alone. Node's own `recursive` never ends where the file system refuses
 * new directories as "not found", as /proc does.
 */
export async function makePrivateDir(dir: string): Promise<void> {
  try {
    await make(dir);
  } catch (error) {
    const parent = dirname(dir);
    if (!hasCode(error, 'ENOENT') || parent === dir) throw error;
    await makePrivateDir(parent);
    await make(dir);
  }
}

async function make(dir: string): Promise<void> {
  try {
    await mkdir(dir, { mode: 0o700 });
  } catch (error) {
    // What lies there may be no directory; whoever uses it hears of that.
    if (!hasCode(error, 'EEXIST')) throw error;
  }
}

export const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;
