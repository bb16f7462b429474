import { cartEventId } from '../fold/carts/cart-message.ts';
import { afterFailure, HEALTHY, type Health } from './backoff.ts';
import { KLAVIYO, type Klaviyo, klaviyoSending } from './klaviyo.ts';
import { type Delivery, deliveryId, type EndpointStore, MAX_AGE_MS } from './notifier.ts';
import type { Sending, SendOutcome } from './send.ts';
import { signedHeaders } from './signature.ts';

export interface HealthStore {
  read(endpointId: string): Promise<Health>;
  write(endpointId: string, health: Health): Promise<void>;
}

export interface DeliverParts {
  readonly endpoints: EndpointStore;
  /** Undefined where nothing is to go there. */
  readonly klaviyo?: Klaviyo | undefined;
  readonly health: HealthStore;
  /** Whether the cart has been bought meanwhile. */
  readonly isBought: (delivery: Delivery) => Promise<boolean>;
  /** Is a delivery of this id still to be made? */
  readonly isUnderWay: (id: string) => Promise<boolean>;
  readonly send: (sending: Sending) => Promise<SendOutcome>;
  readonly now: () => number;
}

type DeliveryOutcome =
  | { readonly outcome: 'delivered' }
  | { readonly outcome: 'cancelled'; readonly reason: string }
  /** Not now, for a reason that does not count as a try. */
  | { readonly outcome: 'postponed'; readonly untilMs: number }
  /** To be tried again. */
  | { readonly outcome: 'failed'; readonly reason: string }
  /** Not to be tried again. */
  | { readonly outcome: 'dead'; readonly reason: string };

/** How often a cart's `recovered` looks whether its `abandoned` has arrived. */
const IN_ORDER_MS = 5_000;
/** What is wrong with it now is wrong with it tomorrow. */
const NEVER_TAKEN: ReadonlySet<number | undefined> = new Set([400, 413, 422]);

/** One try of one delivery. */
export async function deliver(delivery: Delivery, parts: DeliverParts): Promise<DeliveryOutcome> {
  const { health, isBought, isUnderWay, now } = parts;
  if (delivery.userId === '') return { outcome: 'cancelled', reason: 'the user was erased' };
  const target = await targetOf(delivery, parts);
  if (target.outcome !== 'found') return target;
  if (delivery.type === 'cart.abandoned' && (await isBought(delivery)))
    return { outcome: 'cancelled', reason: 'the cart was bought' };
  if (now() - delivery.abandonedAtMs > MAX_AGE_MS)
    return { outcome: 'dead', reason: 'the cart was abandoned more than 24 hours ago' };
  const { endpointId, cartId } = delivery;
  const first = deliveryId({ endpointId, eventId: cartEventId('abandoned', cartId) });
  if (delivery.type === 'cart.recovered' && (await isUnderWay(first)))
    return { outcome: 'postponed', untilMs: now() + IN_ORDER_MS };
  const { openUntilMs } = await health.read(endpointId);
  if (openUntilMs > now()) return { outcome: 'postponed', untilMs: openUntilMs };
  return sendTo(target.sending(), delivery, parts);
}

type Target =
  | { readonly outcome: 'found'; readonly sending: () => Sending }
  | Extract<DeliveryOutcome, { outcome: 'cancelled' | 'dead' }>;

async function targetOf({ endpointId, eventId, body }: Delivery, parts: DeliverParts): Promise<Target> {
  const { endpoints, klaviyo, now } = parts;
  if (endpointId === KLAVIYO)
    return klaviyo === undefined
      ? { outcome: 'cancelled', reason: 'KLAVIYO_API_KEY is not set any more' }
      : { outcome: 'found', sending: () => klaviyoSending(klaviyo, body) };
  const endpoint = (await endpoints.list()).find(({ id }) => id === endpointId);
  if (endpoint === undefined) return { outcome: 'cancelled', reason: 'the endpoint was removed' };
  if (endpoint.disabledAt !== undefined) return { outcome: 'dead', reason: 'the endpoint answered 410 before' };
  const { url, secret } = endpoint;
  return { outcome: 'found', sending: () => ({ url, headers: signedHeaders(secret, eventId, now(), body), body }) };
}

async function sendTo(sending: Sending, { endpointId }: Delivery, parts: DeliverParts): Promise<DeliveryOutcome> {
  const { endpoints, health, send, now } = parts;
  const sent = await send(sending);
  if (sent.outcome === 'delivered') {
    await health.write(endpointId, HEALTHY);
    return sent;
  }
  const isKlaviyo = endpointId === KLAVIYO;
  if (sent.outcome === 'gone') {
    if (isKlaviyo) return { outcome: 'dead', reason: 'answered 410' };
    await endpoints.disable(endpointId, new Date(now()).toISOString());
    return { outcome: 'dead', reason: 'the endpoint answered 410; nothing is sent to it any more' };
  }
  const { retryAfterMs } = sent;
  const before = await health.read(endpointId);
  if (retryAfterMs !== undefined) {
    // It asks this of all that goes there, and takes them in turn afterwards.
    const openUntilMs = now() + retryAfterMs;
    await health.write(endpointId, { ...before, openUntilMs });
    return { outcome: 'postponed', untilMs: openUntilMs };
  }
  if (isKlaviyo && NEVER_TAKEN.has(sent.status)) return { outcome: 'dead', reason: sent.reason };
  await health.write(endpointId, afterFailure(before, now()));
  return sent;
}
