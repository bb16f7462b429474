import type { Counting, Definition } from '../../metrics/definition.ts';
import type { FirstCounted, UserReached } from '../../metrics/facts.ts';
import { family } from '../../metrics/family.ts';
import { NO_VALUE } from '../../metrics/sums/dimension-values.ts';
import type { Sums } from '../../metrics/sums/sums.ts';
import type { MetricId, UniquesId, WindowSums } from '../../metrics/sums/window-sums.ts';

/**
 * How many users were at which stage: behind open funnels, active users and users by dimension. Of one hour and of one day they are
 * counted; for the union of several there are HyperLogLogs. Several questions read them, so they lie here.
 */
export const hourlyUsers = family({
  name: 'hourly-users',
  kind: 'counter',
  windows: ['hour'],
  dimensions: [],
  cap: 10_000,
  description: 'users who reached a stage in the hour, each counted once',
});

export const dailyUsers = family({
  name: 'daily-users',
  kind: 'counter',
  windows: ['day'],
  dimensions: [],
  cap: 10_000,
  description: 'users who reached a stage on the day, each counted once',
});

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

interface StageMetrics {
  readonly hourly: MetricId;
  readonly daily: MetricId;
  readonly estimated: UniquesId;
  readonly estimatedByValue: UniquesId;
}

function countUniqueUsers(sums: Sums): Counting {
  const values = sums.members(uniqueUserValues, 'values');
  // Looked up once a stage: each user reaches some, every hour.
  const known = new Map<string, StageMetrics>();
  const metricsOf = (stage: string): StageMetrics => {
    const made = known.get(stage) ?? {
      hourly: sums.counter(hourlyUsers, stage),
      daily: sums.counter(dailyUsers, stage),
      estimated: sums.uniques(stageUsers, stage),
      estimatedByValue: sums.uniques(stageUsersByValue, stage),
    };
    known.set(stage, made);
    return made;
  };
  const countAll = (hour: WindowSums, { stage, inHour, inDay }: UserReached, sign: 1 | -1): void => {
    const { hourly, daily } = metricsOf(stage);
    countFirst(hour, hourly, inHour, sign);
    countFirst(hour, daily, inDay, sign);
  };
  return {
    userRecount: ({ hour, reached, sign }) => countAll(hour, reached, sign),
    event({ hour, user, dimensions, reached }, writes) {
      if (reached.length === 0) return;
      for (const one of reached) {
        countAll(hour, one, 1);
        const { estimated, estimatedByValue } = metricsOf(one.stage);
        const { overAll, values: unseen } = one.inHour;
        if (overAll) hour.see(estimated, NO_VALUE, user);
        if (unseen !== NO_VALUE) hour.see(estimatedByValue, unseen, user);
      }
      hour.add(values, dimensions);
      writes.put(touchedHours, '', hour.time.hour, hour.time.day);
    },
  };
}

/** Whatever is added for values is added over all as well: where the user had been counted there, that is taken off again. */
function countFirst(hour: WindowSums, metric: MetricId, { overAll, values }: FirstCounted, sign: 1 | -1): void {
  if (overAll || values !== NO_VALUE) hour.add(metric, values, sign);
  if (!overAll && values !== NO_VALUE) hour.add(metric, NO_VALUE, -sign);
}

export const uniqueUsers = {
  families: [hourlyUsers, dailyUsers, stageUsers, stageUsersByValue, uniqueUserValues, touchedHours, mergingHours],
  count: countUniqueUsers,
} satisfies Definition;
