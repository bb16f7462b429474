import { family } from '../families.ts';

export const frequencies = family({
  name: 'frequencies',
  kind: 'counter',
  windows: ['hour', 'day'],
  dimensions: [],
  holds: 'events by name; shop events also by city',
});

export const eventFrequencyFamilies = [frequencies];
