import type { Fact } from './facts.ts';
import { family } from './families.ts';
import type { Writes } from './writes.ts';

/** How late an event may arrive and still count in what is about the last hour. */
export const PULSE_MS = 3_600_000;

/** The last hour in windows of seconds: behind leaderboard and live numbers, so it belongs to the core and to no slice. */
export const actionCounts = family({
  name: 'actions',
  kind: 'counter',
  windows: ['5s'],
  dimensions: [],
  holds: 'events by name in 5 seconds, of those that arrived within an hour; kept for an hour',
});

export const recentUsers = family({
  name: 'recent-users',
  kind: 'uniques',
  windows: ['30s'],
  dimensions: [],
  holds: 'users of half a minute, of events that arrived within an hour; kept for an hour',
});

/** Changed with every open cart, so that nobody has to walk over them. */
export const openCarts = family({
  name: 'open-carts',
  kind: 'counter',
  windows: ['none'],
  dimensions: [],
  holds: 'open carts of the live lane, and what lies in them by currency in minor units',
});

export const pulseFamilies = [actionCounts, recentUsers, openCarts];

export function foldPulse(fact: Fact, writes: Writes): void {
  if ((fact.kind !== 'event' && fact.kind !== 'inventory') || fact.pulse === undefined) return;
  writes.add(actionCounts, fact.pulse, fact.event.name);
  if (fact.kind === 'event') writes.unique(recentUsers, fact.pulse, fact.event.userId, '');
}
