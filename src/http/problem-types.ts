import type { ContentfulStatusCode } from 'hono/utils/http-status';

interface ProblemType {
  readonly status: ContentfulStatusCode;
  readonly title: string;
  /** What has happened. */
  readonly means: string;
  /** What whoever asked can do about it. */
  readonly todo: string;
}

/** Every kind of refusal: `type` of a problem is `/problems/<name>`, where the server says what stands here (docs/problems.md). */
export const PROBLEM_TYPES = {
  'bad-request': {
    status: 400,
    title: 'The request is not valid',
    means: 'A parameter, a header or the body is not what this endpoint takes. `errors` names each part with its path.',
    todo: 'Correct what `errors` and `detail` name. The same request fails again.',
  },
  'bad-events': {
    status: 400,
    title: 'No event was accepted',
    means:
      'The body could be read, and none of its events is valid. `rejected` has each with its index, path and message.',
    todo: 'Correct the events. docs/events.md has an example of every event.',
  },
  unauthorized: {
    status: 401,
    title: 'Not authorised',
    means: 'The request carries no API key or signature, one that the server does not know, or one that has ended.',
    todo: 'Send `Authorization: Bearer KEY` with a key of `npm start -- keys list` or of WRITE_KEYS, READ_KEYS or ADMIN_KEYS that has not ended. A shop’s hook is signed with a secret of its setting.',
  },
  forbidden: {
    status: 403,
    title: 'The key does not allow this',
    means:
      'The key is known, and does not have the scope that this needs; admin keys have all. Publishable keys only send, from pages of their own origins.',
    todo: 'Use a key with the scope that `detail` names; add the origin of a page to its publishable key.',
  },
  'foreign-host': {
    status: 403,
    title: 'Not under this name',
    means:
      'No API keys are set, so that only this machine is answered, by 127.0.0.1, [::1] or localhost; `Host` names another. So it is at METRICS_PORT where HOST is loopback, with keys as well.',
    todo: 'Set ADMIN_KEYS, WRITE_KEYS or READ_KEYS to be reached by other names; for METRICS_PORT, HOST.',
  },
  'foreign-origin': {
    status: 403,
    title: 'Not from this page',
    means:
      'No API keys are set, or METRICS_PORT is asked, and the request comes from a page of another origin, which may neither read nor change anything.',
    todo: 'Add the origin to CORS_ORIGINS, or send with a key of PUBLIC_KEYS.',
  },
  'not-found': {
    status: 404,
    title: 'Not found',
    means: 'There is no such path, or no such thing under it.',
    todo: 'Look the path up in /docs, and the id in the list that it came from.',
  },
  'unknown-format': {
    status: 404,
    title: 'There is no such format',
    means: 'Files of this format cannot be imported.',
    todo: 'Use one of the formats that `detail` names.',
  },
  'method-not-allowed': {
    status: 405,
    title: 'The path does not take this method',
    means: 'The path is right, the method is not.',
    todo: 'Use one of the methods in the header `Allow`.',
  },
  'too-slow': {
    status: 408,
    title: 'The request came too slowly',
    means:
      'The header or the body was not there after 30 seconds; of an import, less than 16 KiB came within 30 seconds.',
    todo: 'Send it again, in smaller parts where the line is slow. Nothing of it was counted.',
  },
  'imported-before': {
    status: 409,
    title: 'Imported before',
    means: 'A file with this content was imported before, as `import_id`.',
    todo: 'Nothing, where it is to count once; `force=true` counts it again.',
  },
  'import-running': {
    status: 409,
    title: 'Being imported',
    means: 'A file with this content is being imported, as `import_id`.',
    todo: 'Wait for it. If that import was cut off, send the file again after 15 seconds, and it goes on.',
  },
  'import-taking-back': {
    status: 409,
    title: 'Being taken back',
    means: 'A file with this content was imported as `import_id`, and what that counted is being taken back.',
    todo: 'Send it again when `GET /v1/imports/{id}` says `taken-back`.',
  },
  'import-under-way': {
    status: 409,
    title: 'The import is not at its end',
    means: 'The import that is to be taken back is being imported.',
    todo: 'Take it back when `GET /v1/imports/{id}` says anything but `running`.',
  },
  'import-forgotten': {
    status: 409,
    title: 'The import can’t be taken back any more',
    means: 'The log no longer holds the import’s records, or the answers that it is in go by themselves.',
    todo: 'Nothing takes it back alone. What the log and the archive hold is counted anew by `npm start -- rebuild`; keep the log for longer (LOG_RETENTION, or the topics’ retention) where imports are to be taken back later.',
  },
  'still-running': {
    status: 409,
    title: 'The first request with this Idempotency-Key is not answered yet',
    means: 'A request with the same `Idempotency-Key` is being answered at the moment.',
    todo: 'Send it again after the seconds in `Retry-After`: then it gets the answer of the first.',
  },
  'too-many-endpoints': {
    status: 409,
    title: 'Too many endpoints',
    means: 'As many webhooks are there as may be, since each cart is sent to each of them.',
    todo: 'Remove one that is not needed any more.',
  },
  'too-many-alerts': {
    status: 409,
    title: 'Too many alerts',
    means: 'As many rules are there as may be, since each is looked at every minute.',
    todo: 'Remove one that is not needed any more.',
  },
  'too-many-notes': {
    status: 409,
    title: 'Too many notes',
    means: 'As many notes are kept as may be.',
    todo: 'Remove those that are not needed any more.',
  },
  'too-many-views': {
    status: 409,
    title: 'Too many views',
    means: 'As many views of the page are kept as may be.',
    todo: 'Remove one that is not needed any more, or keep the new one under its name.',
  },
  'too-many-keys': {
    status: 409,
    title: 'Too many keys',
    means: 'As many keys were made as may be.',
    todo: 'Revoke those that are not used any more.',
  },
  'too-large': {
    status: 413,
    title: 'The request is too large',
    means: 'The body has more bytes or more events than are accepted; `detail` has the limit.',
    todo: 'Send it in smaller parts, or raise MAX_BODY_BYTES, MAX_EVENTS or MAX_IMPORT_BYTES.',
  },
  'unsupported-media-type': {
    status: 415,
    title: 'The body has a form that is not accepted',
    means: '`Content-Type` or `Content-Encoding` names a form that this endpoint does not read.',
    todo: 'Use one of those that `detail` names.',
  },
  'unknown-expectation': {
    status: 417,
    title: 'The header Expect asks for something unknown',
    means: '`Expect` may say `100-continue` and nothing else.',
    todo: 'Leave the header out.',
  },
  'key-used-differently': {
    status: 422,
    title: 'The Idempotency-Key was used for another request',
    means: 'A request with the same `Idempotency-Key` and another body was answered within the last day.',
    todo: 'Make a new key for every new request, and use it again only to repeat that request unchanged.',
  },
  busy: {
    status: 429,
    title: 'Too many at once',
    means: 'As many events wait for the event log, or as many streams are open (of all, or of this key), as may be.',
    todo: 'Send it again after the seconds in `Retry-After`.',
  },
  'too-often': {
    status: 429,
    title: 'Too many requests',
    means: 'A key is used more often than its rate allows.',
    todo: 'Send it again after the seconds in `Retry-After`, several events at a time, or give it a higher rate (PUBLIC_KEY_RATE for publishable keys).',
  },
  'over-quota': {
    status: 429,
    title: 'The quota of the day is used up',
    means: 'A key has made as many requests today as it may make in a day.',
    todo: 'Wait for the next day of the store, which `Retry-After` says, or use a key with a higher quota.',
  },
  'too-many-tries': {
    status: 429,
    title: 'Too many wrong keys',
    means:
      'Many different keys that are not known came from this address. Keys that worked from it before go on working.',
    todo: 'Send it again after the seconds in `Retry-After`, with a key that is right.',
  },
  'too-many-imports': {
    status: 429,
    title: 'Too many imports at once',
    means: 'As many files are being imported as may be. Nothing of this one was counted.',
    todo: 'Send it again when one of them is done; `GET /v1/imports` shows how they stand.',
  },
  'header-too-large': {
    status: 431,
    title: 'The header of the request is too large',
    means: 'Path and header fields together have more than 16 KiB.',
    todo: 'Send shorter ones; what is long belongs into the body.',
  },
  internal: {
    status: 500,
    title: 'Something went wrong',
    means: 'A fault of the server. Its log names the cause beside the `X-Request-Id` of the answer.',
    todo: 'Tell the operator the `X-Request-Id`.',
  },
  unavailable: {
    status: 503,
    title: 'Not possible at the moment',
    means: 'Redis or the event log does not answer, or has no room; or many ask for answers about much data at once.',
    todo: 'Send it again after the seconds in `Retry-After`. Events that carry the same `event_id` count once, however often they are sent.',
  },
} as const satisfies Readonly<Record<string, ProblemType>>;

export type ProblemCode = keyof typeof PROBLEM_TYPES;

/** Relative, so that it resolves on the server that gave it, whatever that is called. */
export const problemUri = (code: string): string => `/problems/${code}`;

export const problemTypes: readonly (ProblemType & { readonly code: string })[] = Object.entries(PROBLEM_TYPES).map(
  ([code, type]) => ({ code, ...type }),
);
