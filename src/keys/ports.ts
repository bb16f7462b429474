import type { Key } from './key.ts';

export interface KeptKeys {
  readonly keys: readonly Key[];
  /** Has there ever been a secret key? Then the API is not open any more, whatever became of it. */
  readonly isClosed: boolean;
  /** Another one whenever a key is made, changed or removed. */
  readonly version: string;
}

/** Keys that were made while cartpulse ran, for all processes. */
export interface KeyStore {
  /** @returns undefined where nothing has changed since that version */
  load(since?: string): Promise<KeptKeys | undefined>;
  put(key: Key): Promise<void>;
  remove(id: string): Promise<boolean>;
  /** Adds requests to the counts of a day. @returns what each key has then */
  countRequests(day: string, requests: ReadonlyMap<string, number>): Promise<ReadonlyMap<string, number>>;
}

/** One thing that somebody did who may do everything. */
export interface AuditEntry {
  readonly at: string;
  /** Id and name of the key; `open` where there are none, `command-line` for commands. */
  readonly by: string;
  readonly name: string;
  readonly action: string;
  readonly status: number;
  readonly requestId?: string | undefined;
}

export interface AuditLog {
  write(entry: AuditEntry): Promise<void>;
  /** The newest first. */
  read(limit: number): Promise<readonly AuditEntry[]>;
}
