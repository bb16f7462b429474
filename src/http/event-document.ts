import type { OpenAPIHono } from '@hono/zod-openapi';
import { INVENTORY_EVENT_NAMES } from '../events/names.ts';
import { NEEDS_TRANSACTION, priceChangeSchema, shopEventSchema, stockUpdateSchema } from '../events/schema.ts';

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const needTransaction = [...NEEDS_TRANSACTION];
const MONEY_FIELDS = ['currency', 'value', 'items', 'transaction_id', 'payment_type'] as const;

/** Events as they are documented: which fields are needed depends on the name, and GA4's data-layer form is an event as well. */
export function addEventDocument({ openAPIRegistry: registry }: OpenAPIHono): void {
  registry.register('StockUpdate', stockUpdateSchema);
  registry.register('PriceChange', priceChangeSchema);
  registry.register('ShopEvent', shopEventSchema);
  const field = (name: string) => ref(`ShopEvent/properties/${name}`);
  const others = [...needTransaction, ...INVENTORY_EVENT_NAMES].join('|');
  registry.registerComponent('schemas', 'Order', {
    description: 'a purchase, or a refund of one',
    allOf: [
      ref('ShopEvent'),
      {
        type: 'object',
        properties: { name: { enum: needTransaction }, transaction_id: field('transaction_id') },
        required: ['transaction_id'],
      },
    ],
  });
  registry.registerComponent('schemas', 'OtherShopEvent', {
    description: 'any other named or custom event',
    allOf: [
      ref('ShopEvent'),
      { type: 'object', properties: { name: { type: 'string', pattern: `^(?!(${others})$)` } } },
    ],
  });
  registry.registerComponent('schemas', 'DataLayerEvent', {
    description: 'GA4’s data-layer form of a shop event: its name in `event`, what belongs to a sale in `ecommerce`',
    type: 'object',
    properties: {
      event: field('name'),
      user_id: field('user_id'),
      event_id: field('event_id'),
      timestamp: field('timestamp'),
      session_id: field('session_id'),
      ecommerce: {
        type: 'object',
        properties: Object.fromEntries(MONEY_FIELDS.map((name) => [name, field(name)])),
      },
    },
    required: ['event', 'user_id'],
  });
  registry.registerComponent('schemas', 'Event', {
    anyOf: ['Order', 'OtherShopEvent', 'StockUpdate', 'PriceChange', 'DataLayerEvent'].map(ref),
  });
}
