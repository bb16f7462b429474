/** The header is not that of the format. */
export class NotThisFormat extends Error {
  readonly code = 'not-this-format';
  readonly retryable = false;
}

/** The file does not hold together: nothing of it is counted. */
export class BrokenFile extends Error {
  readonly code = 'broken-file';
  readonly retryable = false;
  /** Where it breaks, counted from 1; undefined where that cannot be told. */
  readonly line: number | undefined;

  constructor(problem: string, line?: number) {
    super(line === undefined ? problem : `line ${line}: ${problem}`);
    this.line = line;
  }
}

/** The file has more bytes than may be brought in, packed or not. */
export class FileTooLarge extends Error {
  readonly code = 'file-too-large';
  readonly retryable = false;
}

/** The log stopped taking the import's events; the same file can be sent again and goes on in the same import. */
export class ImportInterrupted extends Error {
  readonly code = 'import-interrupted';
  readonly retryable = true;
}
