import type { Definition } from '../../metrics/definition.ts';
import type { Fact } from '../../metrics/facts.ts';
import { family } from '../../metrics/family.ts';
import type { Writes } from '../../metrics/writes.ts';

/** How late an event may arrive and still count in what is about the last hour. */
export const REALTIME_MS = 3_600_000;

/** The last hour in windows of seconds: behind leaderboard and live numbers. */
export const actionCounts = family({
  name: 'actions',
  kind: 'counter',
  windows: ['5s'],
  dimensions: [],
  description: 'events by name in 5 seconds, of those that arrived within an hour; kept for an hour',
});

export const recentUsers = family({
  name: 'recent-users',
  kind: 'uniques',
  windows: ['30s'],
  dimensions: [],
  description: 'users of half a minute, of events that arrived within an hour; kept for an hour',
});

/** Changed with every open cart, so that nobody has to walk over them. */
export const openCarts = family({
  name: 'open-carts',
  kind: 'counter',
  windows: ['none'],
  dimensions: [],
  description: 'open carts of the live lane, and what lies in them by currency in minor units',
});

function foldRealtime(fact: Fact, writes: Writes): void {
  if ((fact.kind !== 'event' && fact.kind !== 'inventory') || fact.realtime === undefined) return;
  writes.add(actionCounts, fact.realtime, fact.event.name);
  if (fact.kind === 'event') writes.unique(recentUsers, fact.realtime, fact.event.userId, '');
}

export const realtime = {
  families: [actionCounts, recentUsers, openCarts],
  fold: foldRealtime,
} satisfies Definition;
