import { family } from '../families.ts';

export const cityScores = family({
  name: 'cities',
  kind: 'counter',
  windows: ['hour', 'day'],
  dimensions: [],
  cap: 10_000,
  holds: 'engagement score by city',
});

export const cityFamilies = [cityScores];
