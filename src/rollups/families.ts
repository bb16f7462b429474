import { family } from '../metrics/family.ts';

export const rolledFunnel = family({
  name: 'funnel:rolled',
  kind: 'counter',
  windows: ['hour', 'day'],
  dimensions: ['funnel'],
  description: 'users at each stage of a closed window, written by the rollup; for people who browse the keys',
});

export const rollupFamilies = [rolledFunnel];
