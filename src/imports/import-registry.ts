import type { Position } from '../ingestion/ports/event-log.ts';
export interface ClaimedImport {
  readonly outcome: 'begun';
  readonly held: HeldImport;
  /** Up to which everything is in the log, 0 at the beginning. */
  readonly line: number;
  /** Where the log ended before the first line was appended; absent where none has been. */
  readonly from: ReadonlyMap<string, Position> | undefined;
}

export type ImportClaim =
  | ClaimedImport
  | { readonly outcome: 'running'; readonly importId: string }
  | { readonly outcome: 'done'; readonly importId: string }
  /** What it counted is being taken back. */
  | { readonly outcome: 'taking-back'; readonly importId: string };

/** A file that this process imports; it says so again and again, and a process that falls silent has lost it. */
export interface HeldImport {
  /** Has another process taken it over? */
  isLost(): boolean;
  from(ends: ReadonlyMap<string, Position>): Promise<void>;
  /** The log has everything up to the line. */
  advance(line: number): Promise<void>;
  end(status: 'done' | 'failed'): Promise<void>;
}

/** Which files were imported; two imports of one file never run side by side. */
export interface ImportRegistry {
  /** Takes the file for this import, or says which import has it. One that failed or died may be taken again. */
  begin(contentHash: string, importId: string): Promise<ImportClaim>;
  /** Which import of the content this is: what was taken back is let go, and comes as another. 0 for the first. */
  numberOf(contentHash: string): Promise<number>;
  /** How often the content was imported with force. */
  nextForced(contentHash: string): Promise<number>;
}
