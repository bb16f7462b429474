/** The query took longer than it may. */
export class QueryTimeout extends Error {
  readonly code = 'query-timeout';
  readonly retryable = false;
}

/** The query is not one that is run here. */
export class QueryRefused extends Error {
  readonly code = 'query-refused';
  readonly retryable = false;
}

/** What DuckDB says against the query: a fault in it, or that it takes more memory than it may. */
export class QueryFailed extends Error {
  readonly code = 'query-failed';
  readonly retryable = false;
}

/** Whoever asked has left. */
export class QueryCancelled extends Error {
  readonly code = 'query-cancelled';
  readonly retryable = false;
}

/** Where the archive lies nobody answers. */
export class ArchiveAway extends Error {
  readonly code = 'archive-away';
  readonly retryable = true;
}
