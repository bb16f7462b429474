import { family } from '../families.ts';

export const interactions = family({
  name: 'interactions',
  kind: 'history',
  windows: ['none'],
  dimensions: ['user'],
  cap: 200,
  holds: 'the newest interactions of a user by timestamp (INTERACTIONS_PER_USER)',
});

export const engagementFamilies = [interactions];
