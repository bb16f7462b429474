import { family } from '../families.ts';

const CAP = 100_000;

const ranking = <const N extends string>(name: N, holds: string, dimensions: readonly string[] = []) =>
  family({ name: `products:${name}`, kind: 'ranking', windows: ['hour', 'day'], dimensions, cap: CAP, holds });

export const productViews = ranking('views', 'view_item events by item');
export const productCarts = ranking('carts', 'add_to_cart events by item');
export const productOrders = ranking('orders', 'purchases by item');
export const productUnits = ranking('units', 'units bought by item');
export const productRevenue = ranking('revenue', 'revenue of lines by item, in minor units', ['currency']);

export const itemNames = family({
  name: 'item-names',
  kind: 'newest',
  windows: ['none'],
  dimensions: [],
  holds: 'the newest name of each item',
});

export const popularProductFamilies = [
  productViews,
  productCarts,
  productOrders,
  productUnits,
  productRevenue,
  itemNames,
];
