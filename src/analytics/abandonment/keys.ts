import { family } from '../families.ts';

export const cartCounts = family({
  name: 'abandonment',
  kind: 'counter',
  windows: ['hour', 'day'],
  dimensions: [],
  cap: 10_000,
  holds: 'carts by how they ended, in the hour and city in which they opened; values by currency in minor units',
});

export const recoveryTimes = family({
  name: 'recovery-times',
  kind: 'counter',
  windows: ['hour', 'day'],
  dimensions: [],
  holds: 'how long abandoned carts took to be bought, as a histogram, by the hour in which they opened',
});

export const abandonmentFamilies = [cartCounts, recoveryTimes];
