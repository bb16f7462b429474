/** Below the broker's default limit of 1 MiB for what one partition gets at once. */
const MAX_REQUEST_BYTES = 700_000;
/** What the protocol adds to a message, and more. */
const OVERHEAD_BYTES = 200;

export interface OutgoingMessage {
  readonly key: string | null;
  readonly value: Buffer | string | null;
  readonly headers?: Record<string, string>;
}

/** Cuts messages into runs that a broker takes in one request; one that is larger by itself goes alone. */
export function toRequests(messages: readonly OutgoingMessage[]): OutgoingMessage[][] {
  const requests: OutgoingMessage[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const message of messages) {
    const own = bytesOf(message);
    if (bytes + own > MAX_REQUEST_BYTES) {
      requests.push([]);
      bytes = 0;
    }
    requests.at(-1)?.push(message);
    bytes += own;
  }
  return requests;
}

function bytesOf({ key, value, headers = {} }: OutgoingMessage): number {
  const texts = [key ?? '', value ?? '', ...Object.values(headers)];
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text), OVERHEAD_BYTES);
}
