import { z } from '@hono/zod-openapi';
import { isCurrency } from './money.ts';
import { INVENTORY_EVENT_NAMES } from './names.ts';
import { linesTotal, lineTotal } from './numbers/lines.ts';
import { isQuantity, MAX_QUANTITY, WRONG_QUANTITY } from './numbers/quantity.ts';

/**
 * Greatest amount that an event may carry; counters hold its
 * minor units, so that no sum of them overflows in practice.
 */
export const MAX_AMOUNT = 1e9;
/** What lines come to in floats may differ from what they do in decimals; up to here both are within the limit. */
export const SURELY_WITHIN_MAX_AMOUNT = MAX_AMOUNT - 1;
export const MAX_ITEMS = 2_000;
/** Greatest lengths in characters: Unicode's code points, as JSON Schema counts them. */
export const MAX_LENGTH = {
  eventId: 64,
  name: 64,
  id: 128,
  paymentType: 64,
  searchTerm: 256,
  title: 512,
  label: 256,
  link: 2_048,
} as const;
export const NAME = /^[a-z0-9_]+$/;
export const MAX_TIMESTAMP_MS = 8.64e15;

/** Has it at most so many characters? Its length is never less than that, so the costly look is for the few that are longer. */
export function isWithin(text: string, max: number): boolean {
  return text.length <= max || (text.length <= 2 * max && [...text].length <= max);
}

/** Lone surrogates would all become U+FFFD in UTF-8 and make different ids equal. */
const wellFormed = (text: string): boolean => text.isWellFormed();
const NOT_WELL_FORMED = 'must be well-formed Unicode';

const text = (max: number) =>
  z
    .string()
    .min(1)
    .refine((value) => isWithin(value, max), `must have at most ${max} characters`)
    .refine(wellFormed, NOT_WELL_FORMED)
    .openapi({ maxLength: max });

/** An id, as events and paths carry it. */
export const idSchema = text(MAX_LENGTH.id);
const id = idSchema;
const title = text(MAX_LENGTH.title).optional();
const label = text(MAX_LENGTH.label).optional();
const link = text(MAX_LENGTH.link).optional();

const currency = z
  .string()
  .regex(/^[A-Z]{3}$/, { error: 'must be an ISO 4217 code such as EUR', abort: true })
  .refine(isCurrency, 'is not a currency of ISO 4217');

const timestamp = z.union(
  [z.iso.datetime({ offset: true }), z.int().min(0).max(MAX_TIMESTAMP_MS)],
  'must be ISO 8601 with an offset, or whole milliseconds since the epoch',
);

const amount = z.number().min(0).max(MAX_AMOUNT);

const quantity = z
  .number()
  .refine(isQuantity, WRONG_QUANTITY)
  // No `multipleOf`: many validators divide in floats, and would refuse one good quantity in eight.
  .openapi({ minimum: 0.001, maximum: MAX_QUANTITY, description: 'has at most three decimals' });

export const itemSchema = z.object({
  item_id: id,
  item_name: title,
  item_category: title,
  item_category2: title,
  item_category3: title,
  item_category4: title,
  item_category5: title,
  item_brand: title,
  item_variant: title,
  item_list_name: title,
  item_url: link,
  image_url: link,
  coupon: label,
  price: z.number().min(-MAX_AMOUNT).max(MAX_AMOUNT).optional(),
  discount: amount.optional(),
  quantity: quantity.optional(),
});

const common = {
  event_id: text(MAX_LENGTH.eventId).optional(),
  timestamp: timestamp.optional(),
  sent_at: timestamp
    .optional()
    .openapi({ description: 'the sender’s clock when it sent; sets right one that is ahead' }),
};

export const NEEDS_TRANSACTION: ReadonlySet<string> = new Set(['purchase', 'refund']);
export const INVENTORY: ReadonlySet<string> = new Set(INVENTORY_EVENT_NAMES);

/** What is kept of an order, a page and what brought the visitor to it; also looked for in `context`. */
const further = {
  shipping: amount.optional(),
  tax: amount.optional(),
  discount: amount.optional(),
  coupon: label,
  page_location: link,
  page_referrer: link,
  cart_url: link,
  user_agent: title,
  device: label,
  store: label,
  utm_source: label,
  utm_medium: label,
  utm_campaign: label,
  utm_term: label,
  utm_content: label,
  utm_id: label,
  gclid: label,
  gbraid: label,
  wbraid: label,
  dclid: label,
  fbclid: label,
  msclkid: label,
  ttclid: label,
  twclid: label,
};
export const FURTHER_FIELDS: readonly string[] = Object.keys(further);

export const shopEventSchema = z
  .object({
    ...common,
    name: z.string().min(1).max(MAX_LENGTH.name).regex(NAME, 'may hold only a–z, 0–9 and _'),
    user_id: id.optional().openapi({ description: 'may be absent where anonymous_id is given' }),
    anonymous_id: id.optional(),
    session_id: id.optional(),
    city: id.optional(),
    country: id.optional(),
    currency: currency.optional(),
    value: amount.optional(),
    items: z.array(itemSchema).max(MAX_ITEMS).optional(),
    transaction_id: id.optional(),
    payment_type: text(MAX_LENGTH.paymentType).optional(),
    search_term: z
      .string()
      .refine(
        (value) => isWithin(value, MAX_LENGTH.searchTerm),
        `must have at most ${MAX_LENGTH.searchTerm} characters`,
      )
      .refine(wellFormed, NOT_WELL_FORMED)
      .optional()
      .openapi({ maxLength: MAX_LENGTH.searchTerm }),
    results_count: z.int().min(0).optional(),
    dimensions: z
      .record(z.string().max(MAX_LENGTH.name), text(MAX_LENGTH.label))
      .optional()
      .openapi({ description: "values of the shop's own dimensions (DIMENSIONS), by name" }),
    ...further,
  })
  .superRefine((event, context) => {
    const problem = (path: (string | number)[], message: string): void => {
      context.addIssue({ code: 'custom', path, message });
    };
    if (event.user_id === undefined && event.anonymous_id === undefined) problem(['user_id'], 'is missing');
    if (NEEDS_TRANSACTION.has(event.name) && event.transaction_id === undefined)
      problem(['transaction_id'], `is required for ${event.name}`);
    for (const [path, message] of lineProblems(event)) problem(path, message);
  });

type Lines = Pick<z.infer<typeof itemSchema>, 'price' | 'discount' | 'quantity'>[];

/** What is wrong with the money of lines, each by itself and all together. */
function lineProblems({
  name,
  value,
  items = [],
}: {
  name: string;
  value?: number | undefined;
  items?: Lines | undefined;
}) {
  const problems: [path: (string | number)[], message: string][] = [];
  for (const [index, { price = 0, discount = 0 }] of items.entries()) {
    if (price < 0 && !NEEDS_TRANSACTION.has(name)) problems.push([['items', index, 'price'], 'must be at least 0']);
    // Where `value` says what the order is worth, nothing hangs on it.
    if (value === undefined && discount > Math.max(price, 0))
      problems.push([['items', index, 'discount'], 'must not be more than the price, as it is taken off each unit']);
  }
  const total = linesTotal(items, value);
  if (total > MAX_AMOUNT) problems.push([['items'], `price × quantity must not add up to more than ${MAX_AMOUNT}`]);
  // One line of a huge amount may hide behind another that lies as far below 0.
  else if (items.some((item) => lineTotal(item, value).abs().gt(MAX_AMOUNT)))
    problems.push([['items'], `price × quantity of a line must be from -${MAX_AMOUNT} to ${MAX_AMOUNT}`]);
  if (total < 0) problems.push([['items'], 'price × quantity must not add up to less than 0']);
  return problems;
}

export const stockUpdateSchema = z.object({
  ...common,
  name: z.literal('stock_update'),
  item_id: id,
  stock_level: z.int().min(0),
});

export const priceChangeSchema = z.object({
  ...common,
  name: z.literal('price_change'),
  item_id: id,
  price: z.number().min(0),
  currency: currency.optional(),
});

export type WireItem = z.infer<typeof itemSchema>;
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

/** Whose event it is: the user, or else the visitor that nobody knows yet. */
export function visitorOf({ user_id: userId, anonymous_id: anonymousId }: WireShopEvent): string {
  return userId ?? anonymousId ?? '';
}
