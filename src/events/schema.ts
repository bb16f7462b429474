import { z } from '@hono/zod-openapi';
import { isCurrency } from './money.ts';
import { INVENTORY_EVENT_NAMES } from './names.ts';

/**
 * Greatest amount that an event may carry; counters hold its
 * minor units, so that no sum of them overflows in practice.
 */
export const MAX_AMOUNT = 1e9;
export const MAX_ITEMS = 2_000;
export const MAX_QUANTITY = 1e6;
/** Greatest lengths in UTF-16 units, as JavaScript counts them. */
export const MAX_LENGTH = { eventId: 64, name: 64, id: 128, paymentType: 64, searchTerm: 256, title: 512 } as const;
export const NAME = /^[a-z0-9_]+$/;
export const MAX_TIMESTAMP_MS = 8.64e15;

/** Lone surrogates would all become U+FFFD in UTF-8 and make different ids equal. */
const text = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .refine((value) => value.isWellFormed(), 'must be well-formed Unicode');

const currency = z
  .string()
  .regex(/^[A-Z]{3}$/, { error: 'must be an ISO 4217 code such as EUR', abort: true })
  .refine(isCurrency, 'is not a currency of ISO 4217');

const timestamp = z.union(
  [z.iso.datetime({ offset: true }), z.int().min(0).max(MAX_TIMESTAMP_MS)],
  'must be ISO 8601 with an offset, or whole milliseconds since the epoch',
);

const amount = z.number().min(0).max(MAX_AMOUNT);

export const itemSchema = z.object({
  item_id: text(MAX_LENGTH.id),
  item_name: text(MAX_LENGTH.title).optional(),
  item_category: text(MAX_LENGTH.title).optional(),
  item_brand: text(MAX_LENGTH.title).optional(),
  price: amount.optional(),
  quantity: z.int().min(1).max(MAX_QUANTITY).optional(),
});

const common = {
  event_id: text(MAX_LENGTH.eventId).optional(),
  timestamp: timestamp.optional(),
};

export const NEEDS_TRANSACTION: ReadonlySet<string> = new Set(['purchase', 'refund']);
export const INVENTORY: ReadonlySet<string> = new Set(INVENTORY_EVENT_NAMES);

/** Σ lines stands in for `value`, so it obeys the same limit. */
export function linesTotal(items: readonly { price?: number | undefined; quantity?: number | undefined }[]): number {
  let total = 0;
  for (const item of items) if (item.price !== undefined) total += item.price * (item.quantity ?? 1);
  return total;
}

export const shopEventSchema = z
  .object({
    ...common,
    name: z.string().min(1).max(MAX_LENGTH.name).regex(NAME, 'may hold only a–z, 0–9 and _'),
    user_id: text(MAX_LENGTH.id),
    session_id: text(MAX_LENGTH.id).optional(),
    city: text(MAX_LENGTH.id).optional(),
    country: text(MAX_LENGTH.id).optional(),
    currency: currency.optional(),
    value: amount.optional(),
    items: z.array(itemSchema).max(MAX_ITEMS).optional(),
    transaction_id: text(MAX_LENGTH.id).optional(),
    payment_type: text(MAX_LENGTH.paymentType).optional(),
    search_term: z
      .string()
      .max(MAX_LENGTH.searchTerm)
      .refine((value) => value.isWellFormed(), 'must be well-formed Unicode')
      .optional(),
    results_count: z.int().min(0).optional(),
  })
  .superRefine((event, context) => {
    if (NEEDS_TRANSACTION.has(event.name) && event.transaction_id === undefined) {
      context.addIssue({ code: 'custom', path: ['transaction_id'], message: `is required for ${event.name}` });
    }
    if (event.items !== undefined && linesTotal(event.items) > MAX_AMOUNT) {
      context.addIssue({
        code: 'custom',
        path: ['items'],
        message: `price × quantity must not add up to more than ${MAX_AMOUNT}`,
      });
    }
  });

const stockUpdateSchema = z.object({
  ...common,
  name: z.literal('stock_update'),
  item_id: text(MAX_LENGTH.id),
  stock_level: z.int().min(0),
});

const priceChangeSchema = z.object({
  ...common,
  name: z.literal('price_change'),
  item_id: text(MAX_LENGTH.id),
  price: z.number().min(0).max(MAX_AMOUNT),
  currency: currency.optional(),
});

/** One event as clients and topics write it; also what the OpenAPI document shows. */
export const eventSchema = z.union([stockUpdateSchema, priceChangeSchema, shopEventSchema]).openapi('Event');

export type WireShopEvent = z.infer<typeof shopEventSchema>;
export type WireInventoryEvent = z.infer<typeof stockUpdateSchema> | z.infer<typeof priceChangeSchema>;
export type WireEvent = WireShopEvent | WireInventoryEvent;

/** The one schema that decides about an event of this name, so that errors speak of its own fields only. */
export function schemaOf(name: unknown): z.ZodType<WireEvent> {
  if (name === 'stock_update') return stockUpdateSchema;
  if (name === 'price_change') return priceChangeSchema;
  return shopEventSchema;
}

export function isInventory(event: WireEvent): event is WireInventoryEvent {
  return INVENTORY.has(event.name);
}
