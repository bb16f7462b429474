import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';

const ROOT = resolve(import.meta.dirname, '../../..');
/** Where what tests start is, once a run has built it. */
export const BUILT_PROCESSES = resolve(ROOT, '.cache/processes');

export interface TestProcess {
  readonly child: ChildProcess;
  /** Everything that it has written so far. */
  output(): string;
  /** Resolves with its exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals | null>;
  kill(signal: NodeJS.Signals): Promise<number | NodeJS.Signals | null>;
}

const alive = new Set<ChildProcess>();

/** Ends what still runs. */
export function endProcesses(): void {
  for (const child of alive) child.kill('SIGKILL');
}
process.once('exit', endProcesses);

/** Has a process end with the file that started it, whatever becomes of its tests. */
export function endWithFile(child: ChildProcess): void {
  alive.add(child);
  child.once('exit', () => alive.delete(child));
}

const packageJson = z.object({ scripts: z.object({ start: z.string() }) });

/** How `npm start` runs what was built: with which options of Node. */
export function startOptions(): string[] {
  const { scripts } = packageJson.parse(JSON.parse(readFileSync(resolve(ROOT, 'package.json'), 'utf8')));
  return scripts.start.split(' ').filter((word) => word.startsWith('--'));
}

/** A process of its own: of what was built, as `npm start` runs it, or else of the sources as they are. */
export function startProcess(
  script: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): TestProcess {
  const built = resolve(BUILT_PROCESSES, script.replace(/\.ts$/, '.js'));
  const isBuilt = script.endsWith('.js') || existsSync(built);
  const options = isBuilt ? startOptions() : ['--import', 'tsx'];
  const file = existsSync(built) ? built : script;
  const child = spawn(process.execPath, [...options, file, ...args], {
    cwd: ROOT,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  endWithFile(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk;
    });
  }
  const ended = once(child, 'exit').then(
    ([code, signal]: (number | NodeJS.Signals | null)[]) => code ?? signal ?? null,
  );
  return {
    child,
    output: () => output,
    ended,
    kill(signal) {
      child.kill(signal);
      return ended;
    },
  };
}
