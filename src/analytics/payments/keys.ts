import { family } from '../families.ts';

export const paymentCounts = family({
  name: 'payments',
  kind: 'counter',
  windows: ['hour', 'day'],
  dimensions: [],
  cap: 10_000,
  groupOf: (field) => /^(?:orders|revenue:...):([^|]*)/.exec(field)?.[1],
  holds: 'orders, and revenue by currency in minor units, by payment type; also by city',
});

export const paymentFamilies = [paymentCounts];
