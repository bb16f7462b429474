import { z } from 'zod';
import { cartMessageSchema, type OutboxEntry } from '../fold/carts/cart-message.ts';
import type { LIVE } from '../fold/settings.ts';
import type { CartListener } from '../ingestion/outbox/message-publisher.ts';
import type { Kept } from '../runtime/kept.ts';
import { type Endpoint, type EventType, wants } from './endpoint.ts';
import { KLAVIYO, type Klaviyo, klaviyoBody } from './klaviyo.ts';

/** Carts that were abandoned longer ago are not delivered. */
export const MAX_AGE_MS = 24 * 3_600_000;
const LIVE_SOURCE: typeof LIVE = 'live';

export const deliverySchema = z.object({
  endpointId: z.string(),
  eventId: z.string(),
  type: z.enum(['cart.abandoned', 'cart.recovered']),
  cartId: z.string(),
  userId: z.string(),
  openedAtMs: z.number(),
  abandonedAtMs: z.number(),
  body: z.string(),
});
export type Delivery = z.infer<typeof deliverySchema>;

/** One for each endpoint and event, however often it is added. */
export const deliveryId = ({ endpointId, eventId }: Pick<Delivery, 'endpointId' | 'eventId'>): string =>
  `${endpointId}-${eventId}`;

/** A delivery whose user was erased while it was being sent: nothing personal is left in it. */
export function blanked(delivery: Delivery): Delivery {
  return { ...delivery, cartId: '', userId: '', body: '' };
}

export interface EndpointStore {
  list(): Promise<Endpoint[]>;
  /** In the place of one of the same id; those of the settings count with them. */
  add(endpoint: Endpoint): Promise<Kept>;
  /** @returns whether there was one */
  remove(id: string): Promise<boolean>;
  disable(id: string, at: string): Promise<void>;
}

export interface DeliveryQueue {
  /** Adds those that were not added before. */
  add(deliveries: readonly Delivery[]): Promise<void>;
}

/** Makes deliveries of what is published on the topics: of live carts only, imported ones are history. */
export class WebhookNotifier implements CartListener {
  private readonly endpoints: EndpointStore;
  private readonly queue: DeliveryQueue;
  private readonly now: () => number;
  private readonly klaviyo: Klaviyo | undefined;

  constructor(endpoints: EndpointStore, queue: DeliveryQueue, now: () => number, klaviyo?: Klaviyo) {
    this.endpoints = endpoints;
    this.queue = queue;
    this.now = now;
    this.klaviyo = klaviyo;
  }

  async notify(entries: readonly OutboxEntry[]): Promise<void> {
    const endpoints = await this.endpoints.list();
    if (endpoints.length === 0 && this.klaviyo === undefined) return;
    const deliveries = entries.flatMap((entry) => this.deliveriesOf(entry, endpoints));
    if (deliveries.length > 0) await this.queue.add(deliveries);
  }

  private deliveriesOf({ topic, value: text }: OutboxEntry, endpoints: readonly Endpoint[]): Delivery[] {
    const whole: unknown = JSON.parse(text);
    const message = cartMessageSchema.parse(whole);
    const abandonedAtMs = Date.parse(message.abandoned_at);
    if (message.source !== LIVE_SOURCE || this.now() - abandonedAtMs > MAX_AGE_MS) return [];
    const type: EventType = topic === 'abandoned' ? 'cart.abandoned' : 'cart.recovered';
    const timestamp = message.recovered_at ?? message.abandoned_at;
    const body = JSON.stringify({ type, timestamp, data: whole });
    const { city, value, stage } = message;
    const about = {
      eventId: message.event_id,
      type,
      cartId: message.cart_id,
      userId: message.user_id,
      openedAtMs: Date.parse(message.opened_at),
      abandonedAtMs,
    };
    const own = this.klaviyo && klaviyoBody(this.klaviyo, type, message);
    const wanted = endpoints.filter((endpoint) => wants(endpoint, { type, city, value, stage }));
    return [
      ...wanted.map(({ id }): Delivery => ({ ...about, endpointId: id, body })),
      ...(own === undefined ? [] : [{ ...about, endpointId: KLAVIYO, body: own }]),
    ];
  }
}
