import { rankedDimensions, rankingField, unchangedDays } from '../../../metrics/bookkeeping-families.ts';
import { type Dictionaries, NO_VALUE } from '../../../metrics/sums/dictionaries.ts';
import type { Interner } from '../../../metrics/sums/interner.ts';
import { SumColumn } from '../../../metrics/sums/sum-column.ts';
import type { Metric, Sums } from '../../../metrics/sums/sums.ts';
import type { WindowSums } from '../../../metrics/sums/window-sums.ts';
import { type LocalTime, labelOf, type RealtimeTime, type WindowName } from '../../../time/windows.ts';
import type { PieceWriter } from './piece-writer.ts';
import type { ShardKeys } from './shard-keys.ts';

/** Far beyond where the script stops sums, so that it sees and counts that; and so little that nothing it adds overflows 64 bits. */
const MOST_ADDED = 1e18;

type Window = WindowSums<LocalTime | RealtimeTime>;

/** Metrics that share their keys: those of a family with the same dimensions. */
interface Group {
  readonly family: Metric['family'];
  readonly dimensions: string;
  readonly metrics: Metric[];
}

/** Windows of one group that are added up, and the keys that they go to. */
interface Target {
  readonly windows: readonly Window[];
  readonly keys: string[];
  readonly seconds: number[];
}

/**
 * Writes what a unit has summed up: counters and rankings, their coarser windows added up from the finest.
 * @param asOfMs hours that nobody can ask for any more then are not written
 */
export function encodeSums(sums: Sums, keys: ShardKeys, into: PieceWriter, asOfMs = Number.NEGATIVE_INFINITY): void {
  const windows = [...sums.windows()];
  const oldestHourMs = keys.oldestHourMs(asOfMs);
  const days = new Set<string>();
  const capped: string[] = [];
  for (const group of groupsOf(sums.metrics)) {
    const used = windows.filter((window) => group.metrics.some(({ id }) => window.column(id) !== undefined));
    if (used.length === 0) continue;
    for (const target of targetsOf(group, used, keys, oldestHourMs)) writeGroup(group, target, sums.dictionaries, into);
    if (group.family.cap !== undefined) capped.push(rankingField(group.family, group.dimensions), '1');
    if (group.family.kind === 'ranking') for (const { time } of used) days.add(time.day);
  }
  if (capped.length > 0) into.texts('hset', keys.of(rankedDimensions, ''), 0, capped, 2);
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
  { family, dimensions }: Group,
  windows: readonly Window[],
  keys: ShardKeys,
  oldestHourMs: number,
): Iterable<Target> {
  const targets = new Map<string, Target>();
  for (const name of family.windows) {
    for (const [label, places] of byLabel(windows, name, oldestHourMs)) {
      const id = places.join();
      const target = targets.get(id) ?? { windows: places.flatMap((i) => windows[i] ?? []), keys: [], seconds: [] };
      targets.set(id, target);
      target.keys.push(keys.of(family, dimensions, label));
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

function writeGroup({ family, metrics }: Group, target: Target, dictionaries: Dictionaries, into: PieceWriter): void {
  into.begin(family.kind === 'ranking' ? 'zincr' : 'incr', target.keys, target.seconds);
  for (const metric of metrics) {
    const column = addedUp(metric, target.windows);
    if (column !== undefined) writeColumn(metric, column, dictionaries[metric.over], into);
  }
  into.end();
}

function addedUp({ id }: Metric, windows: readonly Window[]): SumColumn | undefined {
  const [first, ...others] = windows.flatMap((window) => window.column(id) ?? []);
  if (first === undefined || others.length === 0) return first;
  const total = new SumColumn();
  for (const column of [first, ...others]) total.addAll(column);
  return total;
}

/** Numbers go as texts: turning them into texts costs Lua more than it costs us. What came to nothing is nothing. */
function writeColumn({ text, hasTotal }: Metric, column: SumColumn, members: Interner, into: PieceWriter): void {
  const prefix = text === undefined ? '' : `${text}|`;
  let total = 0;
  for (let i = 0; i < column.size; i++) {
    const number = column.number(i);
    const sum = column.sum(number);
    if (sum === 0) continue;
    total += sum;
    if (text !== undefined && number === NO_VALUE) continue;
    const field = into.part(2);
    field.joined(prefix, members.bytes, members.from(number), members.to(number));
    field.text(String(bounded(sum)));
  }
  if (!hasTotal || total === 0 || text === undefined) return;
  const field = into.part(2);
  field.text(text);
  field.text(String(bounded(total)));
}

function bounded(sum: number): number {
  return Math.max(-MOST_ADDED, Math.min(sum, MOST_ADDED));
}

/** Users go to the finest window alone; rollups merge hours into days. */
export function encodeUniques(sums: Sums, keys: ShardKeys, into: PieceWriter): void {
  const { users, values } = sums.dictionaries;
  for (const window of sums.windows()) {
    window.eachSeen((id, value, seen) => {
      const uniques = sums.uniqueUsers[id];
      if (uniques === undefined) return;
      const { family, text } = uniques;
      const [finest = 'hour'] = family.windows;
      const label = labelOf(window.time, finest);
      const told = [keys.of(family, value === NO_VALUE ? text : `${text}:${values.text(value)}`, label)];
      if (family.within !== undefined) told.push(keys.of(family.within, text, label));
      const life = keys.seconds(family, finest);
      into.begin(
        'pfadd',
        told,
        told.map(() => life),
      );
      for (let i = 0; i < seen.size; i++) {
        const user = seen.at(i);
        into.part(1).joined('', users.bytes, users.from(user), users.to(user));
      }
      into.end();
    });
  }
}
