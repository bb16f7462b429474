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
  if (!(error instanceof Error)) return String(error);
  if (error.message !== '') return error.message;
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join('; ');
  return 'code' in error ? String(error.code) : error.name;
}
