import { family } from '../families.ts';

export const closedFunnel = family({
  name: 'funnel:closed',
  kind: 'counter',
  windows: ['hour', 'day'],
  dimensions: ['funnel'],
  holds: 'sessions that reached a stage in order, by the hour in which they began; also by city',
});

export const funnelFamilies = [closedFunnel];
