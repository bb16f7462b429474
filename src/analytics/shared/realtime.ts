import type { Counting, Definition } from '../../metrics/definition.ts';
import { family } from '../../metrics/family.ts';
import { NO_VALUE } from '../../metrics/sums/dimension-values.ts';
import type { Sums } from '../../metrics/sums/sums.ts';

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

function countRealtime(sums: Sums): Counting {
  const actions = sums.members(actionCounts, 'names');
  const users = sums.uniques(recentUsers, '');
  /** By user: the half minute in which the user was seen last. Most of what a user does is done within one. */
  const seen: string[] = [];
  return {
    event({ countedName, realtime, user }) {
      if (realtime === undefined) return;
      realtime.fiveSeconds.add(actions, countedName);
      const { halfMinute } = realtime.halfMinute.time;
      if (seen[user] === halfMinute) return;
      seen[user] = halfMinute;
      realtime.halfMinute.see(users, NO_VALUE, user);
    },
    inventory: ({ event, realtime }) => realtime?.fiveSeconds.add(actions, sums.dictionaries.names.ofText(event.name)),
  };
}

export const realtime = {
  families: [actionCounts, recentUsers, openCarts],
  count: countRealtime,
} satisfies Definition;
