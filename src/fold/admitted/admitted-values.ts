import { type Dimension, OTHER } from '../../metrics/dimension.ts';
import { fieldOf, splitField } from '../../metrics/fields.ts';
import type { DimensionValues } from '../../metrics/sums/dimension-values.ts';
import type { Writes } from '../../metrics/writes.ts';
import { admittedValues } from '../state/state-families.ts';

/** Days that are remembered: events are mostly of today. */
const MOST_DAYS = 60;

/** What counts on one day. */
interface Day {
  /** By dimension, the numbers of the values that are told apart. */
  readonly values: readonly Set<number>[];
  /** By combination, the one that it counts as; 0 where that is not worked out yet. */
  readonly countsAs: number[];
  /** Values that the unit has admitted, as fields. */
  readonly fresh: string[];
}

/**
 * Which values of each dimension are told apart on each local day: the first that the partition's log brings, as many as the dimension's
 * cap; all others count as OTHER. So no sender can fill the store, and every cut of the log gives the same.
 */
export class AdmittedValues {
  private readonly dimensions: readonly Dimension[];
  private readonly values: DimensionValues;
  private readonly days = new Map<string, Day>();
  private readonly others: readonly number[];
  private readonly parts: number[];

  constructor(dimensions: readonly Dimension[], values: DimensionValues) {
    this.dimensions = dimensions;
    this.values = values;
    this.others = dimensions.map((_, i) => values.numberOf(i, OTHER));
    this.parts = dimensions.map(() => 0);
  }

  isLoaded(day: string): boolean {
    return this.days.has(day);
  }

  /** @param fields as they are stored */
  load(day: string, fields: Iterable<string>): void {
    const values = this.dimensions.map(() => new Set<number>());
    const places = new Map(this.dimensions.map(({ name }, i) => [name, i]));
    for (const field of fields) {
      const { metric: dimension, value } = splitField(field);
      const place = places.get(dimension);
      if (place !== undefined) values[place]?.add(this.values.numberOf(place, value));
    }
    this.days.set(day, { values, countsAs: [], fresh: [] });
  }

  /** @returns the combination as which this one counts on the day */
  admit(day: string, combination: number): number {
    const of = this.days.get(day);
    if (of === undefined) throw new Error(`what counts on ${day} was not read`);
    const known = of.countsAs[combination];
    if (known !== undefined) return known;
    let isWhole = true;
    for (let i = 0; i < this.parts.length; i++) {
      const value = this.values.part(combination, i);
      const isAdmitted = this.isAdmitted(of, i, value);
      if (!isAdmitted) isWhole = false;
      this.parts[i] = isAdmitted ? value : (this.others[i] ?? 0);
    }
    const countsAs = isWhole ? combination : this.values.of(this.parts);
    of.countsAs[combination] = countsAs;
    return countsAs;
  }

  /** Writes what the unit has admitted. */
  save(writes: Writes, partition: string): void {
    for (const [day, { fresh }] of this.days) {
      for (const field of fresh) writes.put(admittedValues, `${partition}:${day}`, field, '1');
      fresh.length = 0;
    }
    if (this.days.size > MOST_DAYS) this.days.clear();
  }

  private isAdmitted({ values, fresh }: Day, dimension: number, value: number): boolean {
    const admitted = values[dimension];
    if (admitted === undefined || admitted.has(value) || value === this.others[dimension]) return true;
    const { name = '', cap = 0 } = this.dimensions[dimension] ?? {};
    if (admitted.size >= cap) return false;
    admitted.add(value);
    fresh.push(fieldOf(name, this.values.texts[dimension]?.text(value) ?? ''));
    return true;
  }
}
