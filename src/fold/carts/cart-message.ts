import { z } from 'zod';
import type { CartRecord } from '../../analytics/abandoned-carts/cart-lists.ts';
import { shortHash } from '../../events/ids/short-hash.ts';
import { fromMinorUnits } from '../../events/money.ts';
import { fromThousandths } from '../../events/numbers/quantity.ts';
import { UNKNOWN } from '../../metrics/dimension.ts';
import type { Calendar } from '../../time/calendar.ts';
import type { CartState } from '../state/records.ts';

/** Under which field a cart is listed: its user first, so that an erasure finds it. */
export function cartField(userId: string, cartId: string): string {
  return JSON.stringify([userId, cartId]);
}

const fieldParts = z.tuple([z.string(), z.string()]);

export function userOfField(field: string): string {
  return fieldParts.parse(JSON.parse(field))[0];
}

export function toCartRecord(
  userId: string,
  cart: CartState,
  calendar: Calendar,
  recoveredMs?: number | undefined,
): CartRecord {
  const { cartId, values, currency, stage, abandonedMs, value } = cart;
  return {
    cart_id: cartId,
    user_id: userId,
    city: values[0] ?? UNKNOWN,
    value: fromMinorUnits(value, currency),
    currency,
    items: [...cart.lines].map(([itemId, { thousandths, price }]) => ({
      item_id: itemId,
      quantity: fromThousandths(thousandths),
      price,
    })),
    stage,
    opened_at: calendar.format(cart.openedMs),
    last_activity_at: calendar.format(cart.lastMs),
    ...(abandonedMs !== null && { abandoned_at: calendar.format(abandonedMs) }),
    ...(recoveredMs !== undefined && { recovered_at: calendar.format(recoveredMs) }),
  };
}

/** What stands on `carts.abandoned` and `carts.recovered`; docs/carts.schema.json is made from it. */
export const cartMessageSchema = z.strictObject({
  event_id: z.string().describe('the same at every repeat and replay'),
  source: z.string().describe('live, or the id of the import with which the cart opened'),
  cart_id: z.string(),
  user_id: z.string(),
  city: z.string().describe('where it opened'),
  value: z.number().describe('what lay in it when it was abandoned, in its currency'),
  currency: z.string().describe('that of its first line; lines of another are held but not valued'),
  items: z.array(
    z.strictObject({
      item_id: z.string(),
      quantity: z.number().describe('has at most three decimals'),
      price: z.number().describe('of one, the newest'),
    }),
  ),
  stage: z.enum(['cart', 'checkout']).describe('how far its owner had come'),
  opened_at: z.string().describe('ISO 8601 with the offset of the store'),
  last_activity_at: z.string(),
  abandoned_at: z.string().describe('the last activity and CART_TIMEOUT'),
  recovered_at: z.string().exactOptional().describe('on carts.recovered: when it was bought'),
});

export type CartMessage = z.infer<typeof cartMessageSchema>;

/** How a message about a cart names its user: with the key, since a city or an item may have the same name. */
export function namedIn(userId: string): string {
  return `"user_id":${JSON.stringify(userId)}`;
}

const outboxEntrySchema = z.object({ topic: z.enum(['abandoned', 'recovered']), key: z.string(), value: z.string() });

/** A message that waits to be published; `event_id` is the same at every replay. */
export type OutboxEntry = Readonly<z.infer<typeof outboxEntrySchema>>;

export const parseOutboxEntry = (text: string): OutboxEntry => outboxEntrySchema.parse(JSON.parse(text));

/** The same at every repeat and replay. */
export const cartEventId = (topic: OutboxEntry['topic'], cartId: string): string => shortHash([topic, cartId]);

/**
 * Under which it is noted that a message is wrong which says that this user abandoned the cart: whose it became may abandon it after all, and
 * that message has the same `event_id`. It names nobody, so an erasure may leave it.
 */
export const retractionId = (cartId: string, userId: string): string => shortHash(['retracted', cartId, userId]);

const ofUser = z.object({ cart_id: z.string(), user_id: z.string() });

/** The note by which a message is known to be wrong; those that say recovered never are. */
export function retractionIdOf({ topic, value }: OutboxEntry): string | undefined {
  if (topic !== 'abandoned') return undefined;
  const { cart_id, user_id } = ofUser.parse(JSON.parse(value));
  return retractionId(cart_id, user_id);
}

export function outboxEntry(topic: OutboxEntry['topic'], source: string, cart: CartRecord): OutboxEntry {
  const event_id = cartEventId(topic, cart.cart_id);
  return { topic, key: cart.cart_id, value: JSON.stringify({ event_id, source, ...cart }) };
}
