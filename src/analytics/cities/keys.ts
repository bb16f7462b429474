import { family } from '../families.ts';

export const cityCounts = family({
  name: 'cities',
  kind: 'counter',
  windows: ['hour', 'day'],
  dimensions: [],
  holds: 'by city: sessions by the hour in which they began; events, engagement score, orders and revenue by their own',
});

export const cityFamilies = [cityCounts];
