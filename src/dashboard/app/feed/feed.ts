import type { Data, Snapshot } from '../api/answers.ts';

type Cart = Data<'/v1/abandonment/carts'>[number];

/** Something that has just happened, as it is told. */
export interface Happening {
  readonly id: string;
  readonly at: string;
  readonly kind: 'order' | 'cart';
  readonly amount: number;
  readonly currency: string;
  /** Orders that came together; what lies in the cart. */
  readonly count: number;
  readonly itemIds: readonly string[];
  readonly city: string;
}

const MOST = 40;

/** What the day's sums say of the orders that came between two snapshots; nothing behind midnight. */
export function ordersBetween(before: Snapshot | undefined, now: Snapshot): Happening | undefined {
  const count = before === undefined ? 0 : now.orders_today - before.orders_today;
  if (before === undefined || count <= 0 || before.at.slice(0, 10) !== now.at.slice(0, 10)) return undefined;
  const { at, currency } = now;
  const amount = now.revenue_today - before.revenue_today;
  return { id: `orders ${at}`, at, kind: 'order', amount, currency, count, itemIds: [], city: '' };
}

/** Whether something was put into a cart or taken out between two snapshots. Carts that are left or bought are no news here. */
export function cartsMoved(before: Snapshot | undefined, now: Snapshot): boolean {
  if (before === undefined) return false;
  const { add_to_cart: added = 0, remove_from_cart: removed = 0 } = now.window.counts;
  return added + removed > 0 || now.open_carts > before.open_carts || now.open_carts_value > before.open_carts_value;
}

/** A cart is told anew each time that it changes. */
export function cartsOf(carts: readonly Cart[]): Happening[] {
  return carts
    .filter(({ items }) => items.length > 0)
    .map(({ cart_id, last_activity_at: at, value: amount, currency, items, city }) => ({
      id: `cart ${cart_id} ${amount}`,
      at,
      kind: 'cart',
      amount,
      currency,
      count: items.length,
      itemIds: items.map(({ item_id }) => item_id),
      city,
    }));
}

/** Newest first, each once. */
export function told(known: readonly Happening[], more: readonly Happening[]): readonly Happening[] {
  const ids = new Set(known.map(({ id }) => id));
  const fresh = more.filter(({ id }) => !ids.has(id));
  if (fresh.length === 0) return known;
  return [...fresh, ...known].toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at)).slice(0, MOST);
}
