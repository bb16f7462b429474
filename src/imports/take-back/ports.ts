import type { Position } from '../../ingestion/ports/event-log.ts';
import type { ImportEntry } from '../import-journal.ts';

/** For each partition, a place in the log. */
export type Places = ReadonlyMap<string, Position>;

/** How far an import is taken back, so that another process can go on. */
export interface TakeBackJob {
  /** Records from here on are not taken back yet; absent where it is not known where the import began. */
  readonly from: Places | undefined;
  /** Behind the import's last record; absent until they were counted. */
  readonly until: Places | undefined;
  /** From here on lie the records that take back those behind `from`; where one does, so many of these are done. */
  readonly since: Places | undefined;
  readonly done: number;
  readonly of: number | undefined;
}

/** What one process at a time has. */
interface TakeBackLease {
  /** Takes it, or renews it. @returns false where another process has it */
  take(): Promise<boolean>;
  /** Renews it from now on, until it is released or lost. @returns aborts when another process has it */
  keep(): AbortSignal;
  release(): Promise<void>;
}

/** What is counted: funnels and dimensions by name, in which generation of answers. */
export interface Counting {
  readonly generation: number;
  readonly names: readonly string[];
}

/** What is known of an import beside its entry. */
export interface KnownImport {
  readonly entry: ImportEntry;
  /** What was counted when it began. */
  readonly counting: Counting | undefined;
  /** Where the log ended before its first record. */
  readonly from: Places | undefined;
}

/** Which imports are taken back, and how far each is. */
export interface TakeBackStore {
  known(importId: string): Promise<KnownImport | undefined>;
  /** From here on it is being taken back, and its file can't be sent again. @returns false where it is being imported */
  begin(importId: string, job: TakeBackJob): Promise<boolean>;
  find(importId: string): Promise<TakeBackJob | undefined>;
  save(importId: string, job: TakeBackJob): Promise<void>;
  /** Those that are under way. */
  underWay(): Promise<string[]>;
  /** The log holds all that takes it back, up to these places: its file may be imported again. */
  end(importId: string, ends: Places): Promise<void>;
  /** It can't be taken back: it stands as it stood, and says why. */
  giveUp(importId: string, problem: string): Promise<void>;
  lease(importId: string): TakeBackLease;
}
