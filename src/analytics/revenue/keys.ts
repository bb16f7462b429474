import { family } from '../families.ts';

export const revenueCounts = family({
  name: 'revenue',
  kind: 'counter',
  windows: ['15m', 'hour', 'day'],
  dimensions: [],
  holds: 'orders and units; orders, revenue and refunds by currency in minor units; also by city',
});

export const revenueFamilies = [revenueCounts];
