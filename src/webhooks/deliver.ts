import { afterFailure, HEALTHY, type Health } from './backoff.ts';
import type { Endpoint } from './endpoint.ts';
import { type Delivery, type EndpointStore, MAX_AGE_MS } from './notifier.ts';
import type { Sending, SendOutcome } from './send.ts';
import { signedHeaders } from './signature.ts';

export interface HealthStore {
  read(endpointId: string): Promise<Health>;
  write(endpointId: string, health: Health): Promise<void>;
}

export interface DeliverParts {
  readonly endpoints: EndpointStore;
  readonly health: HealthStore;
  /** Whether the cart has been bought meanwhile. */
  readonly isBought: (delivery: Delivery) => Promise<boolean>;
  readonly send: (sending: Sending) => Promise<SendOutcome>;
  readonly now: () => number;
}

type DeliveryOutcome =
  | { readonly outcome: 'delivered' }
  | { readonly outcome: 'cancelled'; readonly reason: string }
  /** The endpoint has failed too often lately; does not count as a try. */
  | { readonly outcome: 'postponed'; readonly untilMs: number }
  /** To be tried again. */
  | { readonly outcome: 'failed'; readonly reason: string }
  /** Not to be tried again. */
  | { readonly outcome: 'dead'; readonly reason: string };

/** One try of one delivery. */
export async function deliver(delivery: Delivery, parts: DeliverParts): Promise<DeliveryOutcome> {
  const { endpoints, health, isBought, now } = parts;
  if (delivery.userId === '') return { outcome: 'cancelled', reason: 'the user was erased' };
  const endpoint = (await endpoints.list()).find(({ id }) => id === delivery.endpointId);
  if (endpoint === undefined) return { outcome: 'cancelled', reason: 'the endpoint was removed' };
  if (endpoint.disabledAt !== undefined) return { outcome: 'dead', reason: 'the endpoint answered 410 before' };
  if (delivery.type === 'cart.abandoned' && (await isBought(delivery)))
    return { outcome: 'cancelled', reason: 'the cart was bought' };
  if (now() - delivery.abandonedAtMs > MAX_AGE_MS)
    return { outcome: 'dead', reason: 'the cart was abandoned more than 24 hours ago' };
  const { openUntilMs } = await health.read(endpoint.id);
  if (openUntilMs > now()) return { outcome: 'postponed', untilMs: openUntilMs };
  return sendTo(endpoint, delivery, parts);
}

async function sendTo(endpoint: Endpoint, delivery: Delivery, parts: DeliverParts): Promise<DeliveryOutcome> {
  const { endpoints, health, send, now } = parts;
  const { url, secret } = endpoint;
  const headers = signedHeaders(secret, delivery.eventId, now(), delivery.body);
  const sent = await send({ url, headers, body: delivery.body });
  if (sent.outcome === 'delivered') {
    await health.write(endpoint.id, HEALTHY);
    return sent;
  }
  if (sent.outcome === 'gone') {
    await endpoints.disable(endpoint.id, new Date(now()).toISOString());
    return { outcome: 'dead', reason: 'the endpoint answered 410; nothing is sent to it any more' };
  }
  await health.write(endpoint.id, afterFailure(await health.read(endpoint.id), now()));
  return sent;
}
