import type { Counting, Definition } from '../../metrics/definition.ts';
import { family } from '../../metrics/family.ts';
import type { Sums } from '../../metrics/sums/sums.ts';

/**
 * Who was at which stage, by hour: the HyperLogLogs behind open funnels, active users and users by dimension.
 * Several questions read them, so they lie here.
 */
export const stageUsers = family({
  name: 'users',
  kind: 'uniques',
  windows: ['hour', 'day'],
  dimensions: ['stage'],
  description: 'users who reached a stage; days are merged from hours by the rollup',
});

export const stageUsersByValue = family({
  name: 'value-users',
  kind: 'uniques',
  windows: ['hour', 'day'],
  dimensions: ['stage', 'dimension', 'value'],
  within: stageUsers,
  description: 'users who reached a stage, by dimension value; days are merged from hours by the rollup',
});

export const uniqueUserValues = family({
  name: 'audience',
  kind: 'counter',
  windows: ['day'],
  dimensions: [],
  cap: 10_000,
  groupOf: (field) => field,
  description: 'dimension values with which users were seen that day, so that a rollup finds their keys',
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
  const values = sums.members(uniqueUserValues, 'values');
  return {
    event({ hour, user, dimensions, newStages }, writes) {
      if (newStages.length === 0) return;
      for (const stage of newStages) hour.see(sums.uniques(stageUsersByValue, stage), dimensions, user);
      hour.add(values, dimensions);
      writes.put(touchedHours, '', hour.time.hour, hour.time.day);
    },
  };
}

export const uniqueUsers = {
  families: [stageUsers, stageUsersByValue, uniqueUserValues, touchedHours, mergingHours],
  count: countUniqueUsers,
} satisfies Definition;
