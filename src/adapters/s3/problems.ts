import { isRetryable, messageOf } from '../../runtime/errors.ts';

/** What S3 answered, or that it did not. */
export class S3Problem extends Error {
  readonly code = 's3';
  /** Of the answer; undefined where there was none. */
  readonly status: number | undefined;
  /** S3's own name for it, such as `SlowDown`; empty where it gave none. */
  readonly reason: string;
  readonly retryable: boolean;

  constructor(said: string, reason: string, status: number | undefined, retryable: boolean) {
    super(said);
    this.reason = reason;
    this.status = status;
    this.retryable = retryable;
  }
}

/** Of those that are no fault of the server's by their number. */
const PASSING: ReadonlySet<string> = new Set([
  'RequestTimeout',
  'SlowDown',
  'ConditionalRequestConflict',
  'OperationAborted',
]);

export function answered(what: string, reason: string, status: number): S3Problem {
  const isPassing = (status >= 500 && status !== 501) || status === 429 || PASSING.has(reason);
  return new S3Problem(
    `S3 answers ${reason === '' ? status : `${reason} (${status})`} to ${what}`,
    reason,
    status,
    isPassing,
  );
}

/** @param error what `fetch` threw: it says why in its cause */
export function unanswered(what: string, error: unknown): S3Problem {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const isLate = error instanceof Error && error.name === 'TimeoutError';
  const why = isLate ? 'no answer in time' : code === '' ? messageOf(cause) : code;
  // A certificate that is not trusted will not be later.
  const isPassing = isLate || isRetryable(cause) || code.startsWith('UND_ERR') || code === '';
  return new S3Problem(`S3 does not answer to ${what}: ${why}`, isLate ? 'TimeoutError' : code, undefined, isPassing);
}

/** S3 is not as the settings say; said before counting begins. */
export class S3Refused extends Error {
  readonly code = 's3-refused';
  readonly retryable = false;
}

export interface Named {
  readonly bucket: string;
  readonly endpoint: string;
  readonly region: string;
}

/** There were no keys to ask it with. */
export const NO_KEYS = 'NoKeys';
const ENDED_KEYS: ReadonlySet<string> = new Set(['ExpiredToken', 'InvalidToken', 'TokenRefreshRequired']);
const WRONG_KEYS: ReadonlySet<string> = new Set(['SignatureDoesNotMatch', 'InvalidAccessKeyId', 'InvalidSecurity']);

/** May other keys be taken? */
export const isOfKeys = ({ reason }: S3Problem): boolean => WRONG_KEYS.has(reason) || ENDED_KEYS.has(reason);

const OTHER_REGION: ReadonlySet<string> = new Set([
  'PermanentRedirect',
  'AuthorizationHeaderMalformed',
  'IllegalLocationConstraintException',
]);

/** What is wrong, and what to do. @param doing `read`, `write` or `delete` */
export function explainS3(problem: S3Problem, doing: string, { bucket, endpoint, region }: Named): string {
  const { reason, status } = problem;
  const said = reason === '' ? String(status) : reason;
  if (reason === NO_KEYS)
    return `${problem.message}: set ARCHIVE_S3_ACCESS_KEY and ARCHIVE_S3_SECRET_KEY, or have the machine lend keys as AWS does`;
  if (status === undefined)
    return `S3 at ${endpoint} does not answer (${reason === '' ? problem.message : reason}): is ARCHIVE_S3_ENDPOINT right?`;
  if (reason === 'NoSuchBucket') return `there is no bucket ${bucket} at ${endpoint}: make it, or set ARCHIVE_DIR`;
  if (WRONG_KEYS.has(reason))
    return `S3 at ${endpoint} does not take ARCHIVE_S3_ACCESS_KEY with ARCHIVE_S3_SECRET_KEY, or the keys that it was lent (${said})`;
  if (ENDED_KEYS.has(reason)) return `the keys for S3 have ended, or their session token is not right (${said})`;
  if (OTHER_REGION.has(reason) || status === 301)
    return `the bucket ${bucket} is not in ${region}: set ARCHIVE_S3_REGION (${said})`;
  if (reason === 'RequestTimeTooSkewed') return `S3 at ${endpoint} has another time than this machine: set the clock`;
  if (status === 403) return `the key has no right to ${doing} in the bucket ${bucket} (${said})`;
  return `S3 at ${endpoint} answers ${said} to who wants to ${doing} in the bucket ${bucket}`;
}
