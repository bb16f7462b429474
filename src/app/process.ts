import { getPriority, setPriority } from 'node:os';

/** A little behind others (0), far before what is idle work (19): docs/decisions/0021-answers-go-first.md. */
const BACKGROUND_PRIORITY = 5;

/**
 * Where cores are short, a process that answers nobody leaves them
 * to those that do. Its own Redis must have been started before.
 */
export function stepBack(): void {
  if (getPriority() < BACKGROUND_PRIORITY) setPriority(BACKGROUND_PRIORITY);
}

/** Resolves at the first signal that asks the process to end. */
export function untilSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve());
  });
}

/** Why something failed, in one line; some errors of Node (several addresses refused) have no message of their own. */
export function reasonOf(error: unknown): string {
  const said = error instanceof Error ? error.message : String(error);
  const [line] = said.split('\n').filter((text) => text.trim() !== '');
  if (line !== undefined) return line.trim();
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join('; ');
  if (!(error instanceof Error)) return 'for a reason that was not said';
  return 'code' in error ? String(error.code) : error.name;
}

/** Ends the process with a line that says why, whatever it was. */
export function endWith(reason: string): never {
  process.stderr.write(`cartpulse: ${reason}\n`);
  process.exit(1);
}

/** Where in the code an error was made. */
export function placeOf(error: unknown): string {
  const [, place] = error instanceof Error ? (error.stack ?? '').split('\n    at ') : [];
  return place?.trim() ?? 'nowhere known';
}
