import type { Reason } from './reason.ts';

/** A question that can't be answered as asked; says which parameter and why. */
export class QueryProblem extends Error {
  readonly code = 'bad-query';
  readonly retryable = false;
  readonly path: string;
  readonly because: Reason | undefined;

  constructor(path: string, message: string, because?: Reason) {
    super(message);
    this.path = path;
    this.because = because;
  }
}

/** There is no such thing; becomes a 404. */
export class NotFound extends Error {
  readonly code = 'unknown';
  readonly retryable = false;
  readonly because: Reason | undefined;

  constructor(message: string, because?: Reason) {
    super(message);
    this.because = because;
  }
}
