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
  /** What a shop says again and again about one thing, such as an order: only what is new of it is an event. */
  | { readonly outcome: 'report'; readonly about: string; readonly newsOf: (known: string | undefined) => News }
  /** Nothing that is counted, and no fault. */
  | { readonly outcome: 'ignored' };

/** The events of a report, beside what was known of its thing before. */
export interface News {
  readonly events: readonly Fields[];
  /** What is known from now on, where these of the events were taken: one that was refused is news again. */
  readonly knownWith: (isTaken: (index: number) => boolean) => string;
}

export type Reading =
  | {
      readonly outcome: 'read';
      /** Where the connector's clients put theirs into the body. */
      readonly key?: string | undefined;
      /** How many things were sent: they are mapped once it is known that their sender may send, and so many. */
      readonly sent: number;
      readonly mapped: () => readonly Mapped[];
    }
  | { readonly outcome: 'unreadable'; readonly message: string };

export interface Endpoint {
  readonly method: 'get' | 'post';
  readonly path: string;
  readonly summary: string;
}

export interface SignatureHeader {
  /** In lower case; the base64 of a HMAC with SHA-256. */
  readonly header: string;
  readonly setting: HookSetting;
}

/** Settings of src/config.ts that hold the secrets of hooks. */
export type HookSetting = 'SHOPIFY_SECRETS' | 'WOOCOMMERCE_SECRETS' | 'MEDUSA_SECRETS';

/** A way in: what another system's clients send, as events. It does no I/O. */
export interface Connector {
  /** The name of its folder. */
  readonly name: string;
  readonly endpoints: readonly Endpoint[];
  /** The key that came with the request, where its clients put it; `Authorization: Bearer` is always taken. */
  readonly keyOf: (envelope: Envelope) => string | undefined;
  /** How to say where they put it; as Bearer where nothing is said. */
  readonly keyPlace?: string;
  /** Where it came without one, may the body hold it? */
  readonly isKeyInBody?: boolean;
  readonly read: (envelope: Envelope, text: string) => Reading;
  /** What its clients take for a success; an answer without a body is a 204. */
  readonly success: Readonly<Record<string, boolean>> | undefined;
  /** Its requests carry no key: each is signed, over its body as it came, with a secret that the settings hold. */
  readonly signature?: SignatureHeader;
  /** A request without signature by which a shop tries whether somebody answers. */
  readonly isTrial?: (text: string) => boolean;
  /** Its senders give up where they are refused often: what is wrong with events is said in a success. */
  readonly isRefusedAsSuccess?: boolean;
  /** Its events have ids, so that a request that was taken in part can be sent again as a whole. */
  readonly hasEventIds?: boolean;
  /** Its clients run in pages alone. */
  readonly isOfPages?: boolean;
  /** They have the browser send its cookies along. */
  readonly isWithCookies?: boolean;
}
