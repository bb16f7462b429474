import { rankedDimensions, rankingField, unchangedDays } from '../../../metrics/bookkeeping-families.ts';
import { byDimension, ofValue } from '../../../metrics/fields.ts';
import type { Dictionaries } from '../../../metrics/sums/dictionaries.ts';
import { NO_VALUE, NONE } from '../../../metrics/sums/dimension-values.ts';
import type { Interner } from '../../../metrics/sums/interner.ts';
import { SumColumn } from '../../../metrics/sums/sum-column.ts';
import type { Metric, Sums, Uniques } from '../../../metrics/sums/sums.ts';
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

/** Windows of one group that are added up, and what their keys are for. */
interface Target {
  readonly windows: readonly Window[];
  readonly labels: string[];
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
    const { family } = group;
    for (const target of targetsOf(group, used, keys, oldestHourMs))
      new GroupWriter(group, target, sums.dictionaries, keys, into).write();
    if (family.cap !== undefined)
      for (const dimensions of dimensionsOf(group, sums)) capped.push(rankingField(family, dimensions), '1');
    if (family.kind === 'ranking') for (const { time } of used) days.add(time.day);
  }
  if (capped.length > 0) into.texts('hset', keys.of(rankedDimensions, ''), 0, capped, 2);
  if (days.size > 0) into.texts('hdel', keys.of(unchangedDays, ''), 0, [...days], 1);
}

/** A group's own key, and that of each dimension which it is kept by. */
function dimensionsOf({ dimensions, metrics }: Group, { dictionaries: { values } }: Sums): string[] {
  const isByValue = metrics.some(({ over }) => over === 'values');
  return [dimensions, ...(isByValue ? values.names.map((name) => byDimension(dimensions, name)) : [])];
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

/** Writes a group's sums of one target: what is over all, or kept by what is no dimension; then those of each dimension's values. */
class GroupWriter {
  private readonly group: Group;
  private readonly target: Target;
  private readonly dictionaries: Dictionaries;
  private readonly keys: ShardKeys;
  private readonly into: PieceWriter;
  private readonly byValue: { readonly metric: Metric; readonly column: SumColumn }[] = [];

  constructor(group: Group, target: Target, dictionaries: Dictionaries, keys: ShardKeys, into: PieceWriter) {
    this.group = group;
    this.target = target;
    this.dictionaries = dictionaries;
    this.keys = keys;
    this.into = into;
  }

  write(): void {
    this.begin(this.group.dimensions);
    for (const metric of this.group.metrics) {
      const column = addedUp(metric, this.target.windows);
      if (column === undefined) continue;
      if (metric.over !== 'values') this.writeMembers(metric, column, this.dictionaries[metric.over]);
      else {
        if (metric.hasTotal) this.writeTotal(metric, column);
        this.byValue.push({ metric, column });
      }
    }
    this.into.end();
    if (this.byValue.length > 0)
      for (const [i, name] of this.dictionaries.values.names.entries()) this.writeDimension(i, name);
  }

  private begin(dimensions: string): void {
    const { group, target, keys } = this;
    const names = target.labels.map((label) => keys.of(group.family, dimensions, label));
    this.into.begin(group.family.kind === 'ranking' ? 'zincr' : 'incr', names, target.seconds);
  }

  private writeDimension(dimension: number, name: string): void {
    const { values } = this.dictionaries;
    const texts = values.texts[dimension];
    if (texts === undefined) return;
    this.begin(byDimension(this.group.dimensions, name));
    for (const { metric, column } of this.byValue) {
      SPREAD.clear();
      for (let i = 0; i < column.size; i++) {
        const combination = column.number(i);
        const value = values.part(combination, dimension);
        if (value !== NONE) SPREAD.add(value, column.sum(combination));
      }
      this.writeMembers(metric, SPREAD, texts);
    }
    this.into.end();
  }

  /** Numbers go as texts: turning them into texts costs Lua more than it costs us. What came to nothing is nothing. */
  private writeMembers({ text }: Metric, column: SumColumn, members: Interner): void {
    const prefix = text === undefined ? '' : `${text}|`;
    for (let i = 0; i < column.size; i++) {
      const number = column.number(i);
      const sum = column.sum(number);
      if (sum === 0) continue;
      const field = this.into.part(2);
      field.joined(prefix, members.bytes, members.from(number), members.to(number));
      field.text(String(bounded(sum)));
    }
  }

  private writeTotal({ text = '' }: Metric, column: SumColumn): void {
    let total = 0;
    for (let i = 0; i < column.size; i++) total += column.sum(column.number(i));
    if (total === 0) return;
    const field = this.into.part(2);
    field.text(text);
    field.text(String(bounded(total)));
  }
}

/** A metric's sums by the values of one dimension, while they are written. */
const SPREAD = new SumColumn();

function addedUp({ id }: Metric, windows: readonly Window[]): SumColumn | undefined {
  const [first, ...others] = windows.flatMap((window) => window.column(id) ?? []);
  if (first === undefined || others.length === 0) return first;
  const total = new SumColumn();
  for (const column of [first, ...others]) total.addAll(column);
  return total;
}

function bounded(sum: number): number {
  return Math.max(-MOST_ADDED, Math.min(sum, MOST_ADDED));
}

/** Users go to the finest window alone; rollups merge hours into days. Those of a combination are told to each of its values at once. */
export function encodeUniques(sums: Sums, keys: ShardKeys, into: PieceWriter): void {
  const { users } = sums.dictionaries;
  for (const window of sums.windows()) {
    window.eachSeen((id, combination, seen) => {
      const uniques = sums.uniqueUsers[id];
      if (uniques === undefined) return;
      const { family, text } = uniques;
      const [finest = 'hour'] = family.windows;
      const label = labelOf(window.time, finest);
      const told =
        combination === NO_VALUE
          ? [keys.of(family, text, label)]
          : keysOfValues(sums, uniques, combination, keys, label);
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

function keysOfValues(
  { dictionaries: { values } }: Sums,
  { family, text }: Uniques,
  combination: number,
  keys: ShardKeys,
  label: string,
): string[] {
  return values.names.flatMap((name, dimension) =>
    values.part(combination, dimension) === NONE
      ? []
      : [keys.of(family, ofValue(text, name, values.text(combination, dimension)), label)],
  );
}
