/** GA4's e-commerce event names that cartpulse gives a meaning; every other shop event is a custom event. */
export const SHOP_EVENT_NAMES = [
  'page_view',
  'view_item_list',
  'select_item',
  'view_item',
  'search',
  'add_to_wishlist',
  'add_to_cart',
  'remove_from_cart',
  'view_cart',
  'begin_checkout',
  'add_shipping_info',
  'add_payment_info',
  'purchase',
  'refund',
] as const;

export const INVENTORY_EVENT_NAMES = ['stock_update', 'price_change'] as const;

/** Stage words that stand for an event name; any other stage is an event name itself. `visit` is any shop event. */
const STAGE_EVENTS: ReadonlyMap<string, string> = new Map([
  ['view', 'view_item'],
  ['cart', 'add_to_cart'],
  ['checkout', 'begin_checkout'],
]);

export const VISIT_STAGE = 'visit';

/** Does an event of this name reach this stage? */
export function reachesStage(stage: string, eventName: string): boolean {
  return stage === VISIT_STAGE || (STAGE_EVENTS.get(stage) ?? stage) === eventName;
}
