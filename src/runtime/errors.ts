/** System calls that fail while a server is away, starts, or is cut off. */
const NETWORK_CODES: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);
/**
 * What the clients call a server that does not answer. Of Kafka's
 * client all: what it gives up for good ends when the brokers are back.
 */
const CLIENT_NAMES = /^(KafkaJS|MaxRetriesPerRequestError$|ClusterAllFailedError$)/;
/** Errors of Redis' client that have neither a name nor a code of their own. */
const CLIENT_MESSAGES =
  /Connection is closed|Command timed out|Socket timeout|Command aborted due to connection close|Stream isn't writeable/;
/** Replies by which Redis says that it can't just now; a script's error carries them in the middle. */
const PASSING_REPLIES = /\b(LOADING|READONLY|OOM|MISCONF|TRYAGAIN|CLUSTERDOWN)\b/;

/** Whether the same may succeed later, unchanged: a server is away or full. Our own errors say so themselves. */
export function isRetryable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ('retryable' in error) return error.retryable === true;
  if ('code' in error && NETWORK_CODES.has(String(error.code))) return true;
  if (CLIENT_NAMES.test(error.name)) return true;
  return CLIENT_MESSAGES.test(error.message) || PASSING_REPLIES.test(error.message) || isRetryable(error.cause);
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
