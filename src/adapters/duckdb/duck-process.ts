import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { QueryCancelled, QueryFailed, QueryRefused, QueryTimeout } from '../../archive/query-problems.ts';
import type { Asked, Said, Table } from './messages.ts';

/** The process that runs DuckDB ended. */
export class DuckGone extends Error {
  readonly code = 'duckdb-gone';
  readonly retryable = true;
}

export interface QueryOptions {
  /** Where it is a stranger's: what it finds as the table `events`. It may be a single SELECT and nothing else. */
  readonly foreignTable?: string;
  readonly maxRows?: number;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

interface Waiting {
  readonly resolve: (table: Table) => void;
  readonly reject: (error: Error) => void;
}

/** How long a query that was given up may still go on before its process is ended. */
const GRACE_MS = 2_000;
const IS_SOURCE = import.meta.url.endsWith('.ts');
const CHILD = fileURLToPath(new URL(IS_SOURCE ? './child.ts' : './child.js', import.meta.url));

/** Was a file that a query named merged away before it was read? */
export const isFileGone = (error: unknown): boolean =>
  error instanceof QueryFailed && /No such file|No files found/.test(error.message);

/** DuckDB in a process of its own, started when it is first asked and again when it has ended. */
export class DuckProcess {
  private readonly setup: readonly string[];
  private child: Promise<ChildProcess> | undefined;
  private readonly waiting = new Map<number, Waiting>();
  private asked = 0;

  /** @param setup statements that prepare the database */
  constructor(setup: readonly string[]) {
    this.setup = setup;
  }

  /** @throws QueryTimeout, QueryRefused, QueryFailed, QueryCancelled, DuckGone */
  async query(sql: string, options: QueryOptions = {}): Promise<Table> {
    const { foreignTable, maxRows, timeoutMs, signal } = options;
    if (signal?.aborted) throw new QueryCancelled('whoever asked has left');
    const child = await this.running();
    const id = ++this.asked;
    const answer = new Promise<Table>((resolve, reject) => this.waiting.set(id, { resolve, reject }));
    const giveUp = (error: Error): void => this.giveUp(child, id, error);
    const left = (): void => giveUp(new QueryCancelled('whoever asked has left'));
    signal?.addEventListener('abort', left, { once: true });
    const timer =
      timeoutMs === undefined
        ? undefined
        : setTimeout(() => giveUp(new QueryTimeout(`the query took longer than ${timeoutMs / 1_000} s`)), timeoutMs);
    child.send({ id, sql, foreignTable, maxRows } satisfies Partial<Record<keyof Asked, unknown>>);
    try {
      return await answer;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', left);
    }
  }

  async close(): Promise<void> {
    const child = await this.child?.catch(() => undefined);
    if (child === undefined || child.exitCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  private giveUp(child: ChildProcess, id: number, error: Error): void {
    const waiting = this.waiting.get(id);
    if (waiting === undefined) return;
    child.send({ id });
    // It answers that it was interrupted; where it does not, the process goes.
    const cut = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
    cut.unref();
    const done = (): void => {
      clearTimeout(cut);
      waiting.reject(error);
    };
    this.waiting.set(id, { resolve: done, reject: done });
  }

  private running(): Promise<ChildProcess> {
    this.child ??= this.start();
    return this.child;
  }

  private async start(): Promise<ChildProcess> {
    const child = fork(CHILD, [JSON.stringify(this.setup)], {
      execArgv: IS_SOURCE ? ['--import', 'tsx'] : [],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    let trouble = '';
    child.stderr?.on('data', (chunk) => {
      trouble = `${trouble}${chunk}`.slice(-2_000);
    });
    const ended = new Promise<never>((_, reject) => {
      child.once('exit', () => {
        this.child = undefined;
        const gone = new DuckGone(`the process that runs DuckDB ended; ${trouble.trim().split('\n').at(-1) ?? ''}`);
        for (const { reject: fail } of this.waiting.values()) fail(gone);
        this.waiting.clear();
        reject(gone);
      });
    });
    ended.catch(() => undefined);
    await Promise.race([once(child, 'message'), ended]);
    child.on('message', (said: Said) => this.hear(said));
    return child;
  }

  private hear(said: Said): void {
    const waiting = this.waiting.get(said.id);
    this.waiting.delete(said.id);
    if ('table' in said) waiting?.resolve(said.table);
    else waiting?.reject(said.isRefused ? new QueryRefused(said.error) : new QueryFailed(said.error));
  }
}
