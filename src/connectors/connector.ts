import type { Fields } from '../events/forms/fields.ts';

/** What of a foreign client's request is known before its body is read. */
export interface Envelope {
  readonly path: string;
  readonly query: URLSearchParams;
  /** The header of this name, in lower case. */
  readonly header: (name: string) => string | undefined;
}

/** One thing that a foreign client sent. */
export type Mapped =
  /** As POST /v1/events takes it: it is repaired and checked there. `sentAt` is the sender's clock. */
  | { readonly outcome: 'event'; readonly event: Fields; readonly sentAt?: unknown }
  /** Nothing that is counted, and no fault. */
  | { readonly outcome: 'ignored' };

export type Reading =
  /** `key`: where the connector's clients put theirs into the body. */
  | { readonly outcome: 'read'; readonly mapped: readonly Mapped[]; readonly key?: string | undefined }
  | { readonly outcome: 'unreadable'; readonly message: string };

export interface Endpoint {
  readonly method: 'get' | 'post';
  readonly path: string;
  readonly summary: string;
}

/** A way in: what another system's clients send, as events. It does no I/O. */
export interface Connector {
  /** The name of its folder. */
  readonly name: string;
  readonly endpoints: readonly Endpoint[];
  /** The key that came with the request, where its clients put it; `Authorization: Bearer` is always taken. */
  readonly keyOf: (envelope: Envelope) => string | undefined;
  /** Where it came without one, may the body hold it? */
  readonly isKeyInBody?: boolean;
  readonly read: (envelope: Envelope, text: string) => Reading;
  /** What its clients take for a success; an answer without a body is a 204. */
  readonly success: Readonly<Record<string, boolean>> | undefined;
  /** Its clients name each event, so that a request that was taken in part can be sent again. */
  readonly isRepeatable?: boolean;
}
