import type { Position } from '../ingestion/ports/event-log.ts';
import type { ImportReport } from './import-report.ts';

/** How an import stands. `interrupted`: its process has fallen silent; the same file sent again goes on. */
type ImportState = 'running' | 'done' | 'failed' | 'interrupted' | 'taking-back' | 'taken-back';

export interface ImportEntry {
  readonly import_id: string;
  readonly format: string;
  readonly state: ImportState;
  readonly started_at: string;
  readonly finished_at?: string | undefined;
  /** When the log had all that takes it back. */
  readonly taken_back_at?: string | undefined;
  /** Rows of the file, once it was checked, and how many of them are done; while it is taken back, records of the log. */
  readonly progress: { readonly rows: number; readonly of: number | null };
  /** What came of it. */
  readonly report?: ImportReport | undefined;
  /** Why it failed, or can't be taken back. */
  readonly problem?: string | undefined;
}

/** An import that is written down while it runs. */
export interface JournaledImport {
  /** Where the log ended before its first record. */
  begins(from: ReadonlyMap<string, Position>): Promise<void>;
  progress(rows: number, of: number): void;
  done(report: ImportReport): Promise<void>;
  failed(problem: string): Promise<void>;
}

/** The imports that there have been. */
export interface ImportJournal {
  begin(importId: string, format: string): Promise<JournaledImport>;
}

export interface ImportHistory {
  /** Newest first. */
  list(limit: number): Promise<ImportEntry[]>;
  find(importId: string): Promise<ImportEntry | undefined>;
}
