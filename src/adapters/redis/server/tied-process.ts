import { spawn } from 'node:child_process';
import { once } from 'node:events';

/**
 * Runs "$@" for as long as the pipe at 3 is open. It closes when this process closes it, and when this process ends, however that
 * happens. What the command writes is its owner's alone.
 */
const SCRIPT = `
umask 077
"$@" 3<&- & child=$!
{ read -r _ <&3; kill -TERM "$child"; } & watch=$!
wait "$child"; code=$?
kill "$watch"
exit "$code"`;

export interface TiedProcess {
  /** Resolves when it has ended, whoever ended it. */
  readonly ended: Promise<void>;
  /** Asks it to end, and waits for it. */
  end(): Promise<void>;
}

/** A process that ends when this one does, even by SIGKILL. It gets SIGTERM, so that it can end in order. */
export function runTied(command: string, args: readonly string[]): TiedProcess {
  // Its own process group: a Ctrl-C in the terminal must not stop it before what still writes to it.
  const child = spawn('/bin/sh', ['-c', SCRIPT, 'sh', command, ...args], {
    detached: true,
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const ended = Promise.race([once(child, 'exit'), once(child, 'error')]).then(() => undefined);
  const tie = child.stdio[3];
  // The other side may be gone first.
  tie?.on('error', () => undefined);
  return {
    ended,
    async end() {
      tie?.destroy();
      await ended;
    },
  };
}
