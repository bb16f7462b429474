/** Names that tell of an item's stock or price; every other event is one of the shop, with GA4's names or its own. */
export const INVENTORY_EVENT_NAMES = ['stock_update', 'price_change'] as const;
