/** A question that can't be answered as asked; says which parameter and why. */
export class QueryProblem extends Error {
  readonly code = 'bad-query';
  readonly retryable = false;
  readonly path: string;

  constructor(path: string, message: string) {
    super(message);
    this.path = path;
  }
}

/** There is no such thing; becomes a 404. */
export class NotFound extends Error {
  readonly code = 'unknown';
  readonly retryable = false;
}
