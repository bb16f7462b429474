/** Local dates, both included. */
export interface Dates {
  readonly from?: string;
  readonly to?: string;
}

/** A file of the archive, as it lies in a store. */
export interface StoredFile {
  /** `date=2026-11-20/partition=events-0/….parquet`, or the same below a folder such as `.control`. */
  readonly path: string;
  /** Another one each time that the file is written anew. */
  readonly version: string;
  readonly bytes: number;
}

/** A file is not there any more, or not as it was when it was listed: whoever reads lists once more. */
export class FileChanged extends Error {
  readonly code = 'archive-file-changed';
  readonly retryable = true;
}

/** Where the archive's files lie. Each is there whole or not at all. */
export interface ArchiveStore {
  /** As people call it. */
  readonly description: string;
  /** The folder on this machine under which lies whatever is read or made. */
  readonly root: string;
  /** No more is merged into one file, or read at once. */
  readonly mostBytes: number;
  /** The files of these dates in `folder` (`''`, `.control`). */
  list(folder: string, within: Dates): Promise<StoredFile[]>;
  /**
   * Puts a file that was made into its place, at once and for good. What lies there already holds the same and stays, unless `over` names
   * the version that is to go: then FileChanged is thrown where another one lies there.
   */
  put(made: string, path: string, over?: string): Promise<void>;
  remove(paths: readonly string[]): Promise<void>;
  /**
   * Has these files on this machine for as long as `use` takes.
   * @throws FileChanged, QueryRefused where they are more than may be read at once
   */
  read<T>(
    files: readonly StoredFile[],
    use: (pathOf: (file: StoredFile) => string) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T>;
  /** A path on this machine at which a file can be made. */
  working(name: string): Promise<string>;
  /** Removes what was begun there. */
  clean(): Promise<void>;
  /** Nothing is waited for any more. */
  giveUp(): void;
}
