import { family } from '../families.ts';

export const cartCounts = family({
  name: 'abandonment',
  kind: 'counter',
  windows: ['hour', 'day'],
  dimensions: [],
  holds: 'carts by how they ended, in the hour and city in which they opened; values by currency in minor units',
});

export const abandonmentFamilies = [cartCounts];
