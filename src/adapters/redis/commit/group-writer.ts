import { OTHER } from '../../../metrics/dimension.ts';
import { byDimension, ofValue } from '../../../metrics/fields.ts';
import type { Dictionaries } from '../../../metrics/sums/dictionaries.ts';
import { NONE } from '../../../metrics/sums/dimension-values.ts';
import type { Interner } from '../../../metrics/sums/interner.ts';
import { SumColumn } from '../../../metrics/sums/sum-column.ts';
import type { Metric } from '../../../metrics/sums/sums.ts';
import type { WindowSums } from '../../../metrics/sums/window-sums.ts';
import type { LocalTime, RealtimeTime } from '../../../time/windows.ts';
import type { PieceWriter } from './piece-writer.ts';
import type { ShardKeys } from './shard-keys.ts';

/** Far beyond where the script stops sums, so that it sees and counts that; and so little that nothing it adds overflows 64 bits. */
const MOST_ADDED = 1e18;

export type Window = WindowSums<LocalTime | RealtimeTime>;

/** Metrics that share their keys: those of a family with the same dimensions. */
export interface Group {
  readonly family: Metric['family'];
  readonly dimensions: string;
  readonly metrics: Metric[];
}

/** Windows of one group that are added up, and what their keys are for. */
export interface Target {
  readonly windows: readonly Window[];
  readonly labels: string[];
  readonly seconds: number[];
}

/** A group's own key, and that of each dimension which it is kept by. */
export function dimensionsOf({ dimensions, metrics }: Group, { values }: Dictionaries): string[] {
  const isByValue = metrics.some(({ over }) => over === 'values');
  return [dimensions, ...(isByValue ? values.names.map((name) => byDimension(dimensions, name)) : [])];
}

/** Of counters whose names events give: is it about all names beyond their cap? */
const isOfOthers = ({ text = '' }: Metric): boolean => text === OTHER || text.endsWith(`:${OTHER}`);

/** Writes a group's sums of one target: what is over all, or kept by what is no dimension; then those of each dimension's values. */
export class GroupWriter {
  private readonly group: Group;
  private readonly target: Target;
  private readonly dictionaries: Dictionaries;
  private readonly keys: ShardKeys;
  private readonly into: PieceWriter;
  /** Behind the family's name: where members beyond their cap count together. */
  readonly trimmed = new Set<string>();
  private readonly byValue: { readonly metric: Metric; readonly column: SumColumn }[] = [];
  private readonly writeAfterwards: { readonly column: SumColumn }[] = [];

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
      if (metric.over === 'searches') this.writeAfterwards.push({ column });
      else if (metric.over !== 'values') this.writeOwn(metric, column, metric.over);
      else {
        if (metric.hasTotal) this.writeTotal(metric, column);
        this.byValue.push({ metric, column });
        if (isOfOthers(metric)) this.noteTrimmed(...dimensionsOf(this.group, this.dictionaries));
      }
    }
    this.into.end();
    for (const { column } of this.writeAfterwards) this.writeSearches(column);
    if (this.byValue.length > 0)
      for (const [i, name] of this.dictionaries.values.names.entries()) this.writeDimension(i, name);
  }

  private noteTrimmed(...dimensions: readonly string[]): void {
    for (const one of dimensions) this.trimmed.add(one);
  }

  private writeOwn(metric: Metric, column: SumColumn, over: Exclude<Metric['over'], 'values' | 'searches'>): void {
    const members = this.dictionaries[over];
    if (column.has(this.dictionaries.otherOf(over))) this.noteTrimmed(this.group.dimensions);
    this.writeMembers(metric, column, members);
  }

  /** Terms by what the session was counted under: a key for each value. */
  private writeSearches(column: SumColumn): void {
    const { searches, values, terms } = this.dictionaries;
    const other = this.dictionaries.otherOf('terms');
    const byValue = new Map<string, SumColumn>();
    for (let i = 0; i < column.size; i++) {
      const number = column.number(i);
      const dimension = searches.dimension(number);
      const value = values.texts[dimension]?.text(searches.value(number)) ?? '';
      const name = ofValue('', values.names[dimension] ?? '', value).slice(1);
      const sums = byValue.get(name) ?? new SumColumn();
      byValue.set(name, sums);
      sums.add(searches.term(number), column.sum(number));
    }
    for (const [name, sums] of byValue) {
      if (sums.has(other)) this.noteTrimmed(name);
      this.begin(name);
      this.writeMembers({ text: undefined }, sums, terms);
      this.into.end();
    }
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
  private writeMembers({ text }: Pick<Metric, 'text'>, column: SumColumn, members: Interner): void {
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
