import {
  rankedDimensions,
  rankingField,
  trimmedBuckets,
  unchangedDays,
} from '../../../metrics/bookkeeping-families.ts';
import type { Metric, Sums } from '../../../metrics/sums/sums.ts';
import { labelOf, type WindowName } from '../../../time/windows.ts';
import { dimensionsOf, type Group, GroupWriter, type Target, type Window } from './group-writer.ts';
import type { PieceWriter } from './piece-writer.ts';
import type { ShardKeys } from './shard-keys.ts';

/**
 * Writes what a unit has summed up: counters and rankings, their coarser windows added up from the finest.
 * @param asOfMs hours that nobody can ask for any more then are not written
 */
export function encodeSums(sums: Sums, keys: ShardKeys, into: PieceWriter, asOfMs = Number.NEGATIVE_INFINITY): void {
  const windows = [...sums.windows()];
  const oldestHourMs = keys.oldestHourMs(asOfMs);
  const days = new Set<string>();
  const capped: string[] = [];
  const trimmed: string[] = [];
  for (const group of groupsOf(sums.metrics)) {
    const used = windows.filter((window) => group.metrics.some(({ id }) => window.column(id) !== undefined));
    if (used.length === 0) continue;
    const { family } = group;
    for (const target of targetsOf(group, used, keys, oldestHourMs)) {
      const writer = new GroupWriter(group, target, sums.dictionaries, keys, into);
      writer.write();
      if (family.cap === undefined) continue;
      for (const dimensions of writer.trimmed)
        for (const label of target.labels) trimmed.push(rankingField(family, dimensions, label), '1');
    }
    if (family.cap !== undefined)
      for (const dimensions of dimensionsOf(group, sums.dictionaries))
        capped.push(rankingField(family, dimensions), '1');
    if (family.kind === 'ranking') for (const { time } of used) days.add(time.day);
  }
  if (capped.length > 0) into.texts('hset', keys.of(rankedDimensions, ''), 0, capped, 2);
  if (trimmed.length > 0) into.texts('hset', keys.of(trimmedBuckets, ''), 0, trimmed, 2);
  if (days.size > 0) into.texts('hdel', keys.of(unchangedDays, ''), 0, [...days], 1);
}

function groupsOf(metrics: readonly Metric[]): Iterable<Group> {
  const groups = new Map<Metric['family'], Map<string, Group>>();
  for (const metric of metrics) {
    const { family, dimensions } = metric;
    const ofFamily = groups.get(family) ?? new Map<string, Group>();
    groups.set(family, ofFamily);
    const group = ofFamily.get(dimensions) ?? { family, dimensions, metrics: [] };
    ofFamily.set(dimensions, group);
    group.metrics.push(metric);
  }
  return [...groups.values()].flatMap((ofFamily) => [...ofFamily.values()]);
}

/** Windows that get the very same sums, as an hour and its day mostly do, share one operation. */
function targetsOf(
  { family }: Group,
  windows: readonly Window[],
  keys: ShardKeys,
  oldestHourMs: number,
): Iterable<Target> {
  const targets = new Map<string, Target>();
  for (const name of family.windows) {
    for (const [label, places] of byLabel(windows, name, oldestHourMs)) {
      const id = places.join();
      const target = targets.get(id) ?? { windows: places.flatMap((i) => windows[i] ?? []), labels: [], seconds: [] };
      targets.set(id, target);
      target.labels.push(label);
      target.seconds.push(keys.seconds(family, name));
    }
  }
  return targets.values();
}

function byLabel(windows: readonly Window[], name: WindowName, oldestHourMs: number): Map<string, number[]> {
  const places = new Map<string, number[]>();
  for (const [i, { time }] of windows.entries()) {
    if (isWithinDay(name) && time.hourStartMs < oldestHourMs) continue;
    const label = labelOf(time, name);
    const known = places.get(label);
    if (known === undefined) places.set(label, [i]);
    else known.push(i);
  }
  return places;
}

const isWithinDay = (name: WindowName): boolean => name === 'hour' || name === '15m';
