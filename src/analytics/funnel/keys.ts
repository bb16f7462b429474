import { family } from '../families.ts';

export const conversionTimes = family({
  name: 'funnel:times',
  kind: 'counter',
  windows: ['hour', 'day'],
  dimensions: ['funnel'],
  holds: 'how long sessions took from the stage before, as a histogram for each stage, by the hour in which they began',
});

export const funnelFamilies = [conversionTimes];
