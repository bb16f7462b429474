import { family } from '../families.ts';

export const newUserCounts = family({
  name: 'new-users',
  kind: 'counter',
  windows: ['hour', 'day'],
  dimensions: [],
  cap: 10_000,
  holds: 'users of whom no session had begun for thirty days, in the hour in which theirs begins; also by city',
});

export const sessionFamilies = [newUserCounts];
