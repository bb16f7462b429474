import type { CartMessage } from '../fold/carts/cart-message.ts';
import type { EventType } from './endpoint.ts';
import type { Sending } from './send.ts';

/** As an endpoint of deliveries it has this id. */
export const KLAVIYO = 'klaviyo';

/** Klaviyo keeps each for two years; what is sent is written for this one. */
const REVISION = '2024-10-15';

export interface Klaviyo {
  /** A private key with the scope events:write. */
  readonly apiKey: string;
  readonly url: string;
  /** `emails`: carts of visitors alone whose id is an address; a profile is made of each other one as well with `all`. */
  readonly profiles: 'emails' | 'all';
}

const METRICS: Readonly<Record<EventType, string>> = {
  'cart.abandoned': 'Cart Abandoned',
  'cart.recovered': 'Cart Recovered',
};

/** Told from an id, and not checked further: Klaviyo refuses what is none. */
const ADDRESS = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

/** The body of an event of Klaviyo's API; undefined where it is not to know the visitor. */
export function klaviyoBody({ profiles }: Klaviyo, type: EventType, message: CartMessage): string | undefined {
  const { event_id, user_id, value, currency, ...properties } = message;
  const isAddress = ADDRESS.test(user_id);
  if (!isAddress && profiles === 'emails') return undefined;
  const attributes = {
    metric: { data: { type: 'metric', attributes: { name: METRICS[type] } } },
    profile: { data: { type: 'profile', attributes: isAddress ? { email: user_id } : { external_id: user_id } } },
    properties,
    time: type === 'cart.recovered' ? (message.recovered_at ?? message.abandoned_at) : message.abandoned_at,
    value,
    value_currency: currency,
    // Of one metric and profile Klaviyo records the first of each.
    unique_id: event_id,
  };
  return JSON.stringify({ data: { type: 'event', attributes } });
}

export function klaviyoSending({ apiKey, url }: Klaviyo, body: string): Sending {
  const media = 'application/vnd.api+json';
  const headers = {
    Authorization: `Klaviyo-API-Key ${apiKey}`,
    revision: REVISION,
    Accept: media,
    'Content-Type': media,
  };
  return { url: `${url.replace(/\/$/, '')}/api/events`, headers, body };
}
