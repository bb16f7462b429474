import { family } from '../families.ts';

export const engagementCounts = family({
  name: 'engagement',
  kind: 'counter',
  windows: ['hour', 'day'],
  dimensions: [],
  holds:
    'events by their hour; sessions, bounces and milliseconds of sessions by the hour in which they began; also by city',
});

export const interactions = family({
  name: 'interactions',
  kind: 'history',
  windows: ['none'],
  dimensions: ['user'],
  cap: 200,
  holds: 'the newest interactions of a user by timestamp (INTERACTIONS_PER_USER)',
});

export const engagementFamilies = [engagementCounts, interactions];
