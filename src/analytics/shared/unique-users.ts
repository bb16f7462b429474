import type { Definition } from '../../metrics/definition.ts';
import type { Fact } from '../../metrics/facts.ts';
import { family } from '../../metrics/family.ts';
import { joining } from '../../metrics/fields.ts';
import type { Writes } from '../../metrics/writes.ts';

/**
 * Who was at which stage, by hour: the HyperLogLogs behind open funnels, active users and the cities' users.
 * Several questions read them, so they lie here.
 */
export const stageUsers = family({
  name: 'users',
  kind: 'uniques',
  windows: ['hour', 'day'],
  dimensions: ['stage'],
  description: 'users who reached a stage; days are merged from hours by the rollup',
});

export const stageUsersByCity = family({
  name: 'city-users',
  kind: 'uniques',
  windows: ['hour', 'day'],
  dimensions: ['stage', 'city'],
  within: stageUsers,
  description: 'users who reached a stage in a city; days are merged from hours by the rollup',
});

export const uniqueUserCities = family({
  name: 'audience-cities',
  kind: 'counter',
  windows: ['day'],
  dimensions: [],
  cap: 10_000,
  groupOf: (field) => field,
  description: 'cities in which users were seen that day, so that a rollup finds their keys',
});

/** A set kept as a hash: hour → its day. A rollup takes a mark before it merges, so that later commits mark anew. */
export const touchedHours = family({
  name: 'touched-hours',
  kind: 'state',
  windows: ['none'],
  dimensions: [],
  description: 'hours whose users are not all merged into their day yet',
});

export const mergingHours = family({
  name: 'merging-hours',
  kind: 'state',
  windows: ['none'],
  dimensions: [],
  description: 'hours that a rollup is merging; those of a rollup that died are merged again',
});

function foldUniqueUsers(fact: Fact, writes: Writes): void {
  if (fact.kind !== 'event') return;
  const { event, at, newStages } = fact;
  if (newStages.length === 0) return;
  for (const stage of newStages) writes.unique(stageUsersByCity, at, event.userId, cityDimension(stage, event.city));
  writes.add(uniqueUserCities, at, event.city);
  writes.put(touchedHours, '', at.hour, at.day);
}

/** Stage first, which holds no colon, and window last keep a free-text city unambiguous in the key. */
export const cityDimension = joining(':');

export const uniqueUsers = {
  families: [stageUsers, stageUsersByCity, uniqueUserCities, touchedHours, mergingHours],
  fold: foldUniqueUsers,
} satisfies Definition;
