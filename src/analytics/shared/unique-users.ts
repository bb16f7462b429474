import type { Counting, Definition } from '../../metrics/definition.ts';
import { family } from '../../metrics/family.ts';
import { joining } from '../../metrics/fields.ts';
import type { Sums } from '../../metrics/sums/sums.ts';

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

function countUniqueUsers(sums: Sums): Counting {
  const cities = sums.members(uniqueUserCities, 'values');
  return {
    event({ hour, user, dimensions, newStages }, writes) {
      if (newStages.length === 0) return;
      for (const stage of newStages) hour.see(sums.uniques(stageUsersByCity, stage), dimensions, user);
      hour.add(cities, dimensions);
      writes.put(touchedHours, '', hour.time.hour, hour.time.day);
    },
  };
}

/** Stage first, which holds no colon, and window last keep a free-text city unambiguous in the key. */
export const cityDimension = joining(':');

export const uniqueUsers = {
  families: [stageUsers, stageUsersByCity, uniqueUserCities, touchedHours, mergingHours],
  count: countUniqueUsers,
} satisfies Definition;
