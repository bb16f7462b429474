import { type OpenAPIHono, z } from '@hono/zod-openapi';
import { INVENTORY_EVENT_NAMES } from '../../events/names.ts';
import {
  MAX_LENGTH,
  NEEDS_TRANSACTION,
  priceChangeSchema,
  shopEventSchema,
  stockUpdateSchema,
} from '../../events/schema.ts';

const { shape } = shopEventSchema;
const needTransaction = [...NEEDS_TRANSACTION];
const withRules = [...needTransaction, ...INVENTORY_EVENT_NAMES].join('|');

const named = (field: 'user_id' | 'anonymous_id') => ({
  type: 'object' as const,
  properties: { [field]: { type: 'string' as const } },
  required: [field],
});
/** Whose it is has to be said; by which of the two does not matter. */
const whose = { anyOf: [named('user_id'), named('anonymous_id')] };

const order = z
  .object({ ...shape, name: z.enum(needTransaction), transaction_id: shape.transaction_id.unwrap() })
  .openapi({ description: 'a purchase, or a refund of one', ...whose });

const otherShopEvent = z
  .object({
    ...shape,
    name: z
      .string()
      .min(1)
      .max(MAX_LENGTH.name)
      .regex(new RegExp(`^(?!(${withRules})$)[a-z0-9_]+$`)),
  })
  .openapi({ description: 'any other named or custom event', ...whose });

const { event_id, timestamp, user_id, anonymous_id, session_id, currency, value, items, transaction_id, payment_type } =
  shape;
const dataLayerEvent = z
  .object({
    event: shape.name,
    event_id,
    timestamp,
    user_id,
    anonymous_id,
    session_id,
    ecommerce: z.object({ currency, value, items, transaction_id, payment_type }).optional(),
  })
  .openapi({
    description: 'GA4’s data-layer form: the name in `event`, what belongs to a sale in `ecommerce`',
    ...whose,
  });

/** Events as they are documented: which fields are needed depends on the name, and GA4's data-layer form is an event as well. */
export function addEventSchemas({ openAPIRegistry: registry }: OpenAPIHono): void {
  const forms = {
    Order: order,
    OtherShopEvent: otherShopEvent,
    StockUpdate: stockUpdateSchema,
    PriceChange: priceChangeSchema,
    DataLayerEvent: dataLayerEvent,
  };
  for (const [name, schema] of Object.entries(forms)) registry.register(name, schema);
  registry.registerComponent('schemas', 'Event', {
    anyOf: Object.keys(forms).map((name) => ({ $ref: `#/components/schemas/${name}` })),
  });
}
