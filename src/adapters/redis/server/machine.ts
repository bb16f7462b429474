import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { messageOf } from '../../../runtime/errors.ts';

const execute = promisify(execFile);
/** What a compiler has to say. */
const MAX_OUTPUT_BYTES = 64 * 1_048_576;

/** What looking for a server, and installing one, needs of the machine. */
export interface Machine {
  readonly isRoot: boolean;
  /** Where a command lies; undefined where there is none of that name. */
  which(command: string): Promise<string | undefined>;
  /** Runs a command to its end. @throws where it fails, or takes longer */
  run(command: string, args: readonly string[], timeoutMs: number): Promise<void>;
}

export const thisMachine: Machine = {
  isRoot: process.getuid?.() === 0,
  async which(command) {
    // Not found is an exit code of 1 or 127.
    const { stdout } = await execute('sh', ['-c', 'command -v "$0"', command]).catch(() => ({ stdout: '' }));
    return stdout.trim() || undefined;
  },
  async run(command, args, timeoutMs) {
    await execute(command, args, { timeout: timeoutMs, maxBuffer: MAX_OUTPUT_BYTES });
  },
};

export async function serverOnPath(machine: Machine): Promise<string | undefined> {
  return (await machine.which('redis-server')) ?? (await machine.which('valkey-server'));
}

/** The end of what was said before the failure: there the reason stands, with its cause where it has one. */
export function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause !== undefined ? `: ${messageOf(error.cause)}` : '';
  return `${messageOf(error)}${cause}`.trim().split('\n').slice(-3).join(' ').slice(-300);
}
