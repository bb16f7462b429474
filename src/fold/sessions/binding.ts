import type { Dimension } from '../../metrics/dimension.ts';
import { type DimensionValues, NO_VALUE, NONE } from '../../metrics/sums/dimension-values.ts';
import type { EventStep } from '../event-step.ts';

/**
 * Which dimension values a session has: of each dimension the first that an event of it names. Until one does it is that of what
 * brought the visitor last, where the dimension is about that, or the one for sessions that name none.
 */
export class Binding {
  private readonly dimensions: readonly Dimension[];
  private readonly values: DimensionValues;
  /** By dimension, the number of the value for sessions that name none. */
  private readonly absent: readonly number[];
  /** Of the event under way. */
  private readonly parts: number[];
  /** Bits of the dimensions that are about what brought the visitor. */
  private readonly ofTouch: number;

  constructor(dimensions: readonly Dimension[], values: DimensionValues) {
    this.dimensions = dimensions;
    this.values = values;
    this.absent = dimensions.map(({ absent }, i) => values.numberOf(i, absent));
    this.parts = dimensions.map(() => NONE);
    this.ofTouch = dimensions.reduce((bits, { binds }, i) => (binds === 'touch' ? bits | (1 << i) : bits), 0);
  }

  /** A bit for each dimension that the event names. */
  namedBy(step: EventStep): number {
    let bits = 0;
    for (let i = 0; i < this.dimensions.length; i++) if (step.valueOf(i) !== NONE) bits |= 1 << i;
    return bits;
  }

  /** @param lastTouch what brought the visitor last, NO_VALUE where that is not known */
  begin(step: EventStep, lastTouch: number): number {
    const { parts } = this;
    for (let i = 0; i < parts.length; i++) {
      const named = step.valueOf(i);
      const known = named === NONE && lastTouch !== NO_VALUE ? this.values.part(lastTouch, i) : named;
      parts[i] = known === NONE ? (this.absent[i] ?? NONE) : known;
    }
    return this.values.of(parts);
  }

  /** @param fresh bits of the dimensions that the event is the first to name */
  goOn(step: EventStep, before: number, fresh: number): number {
    const { parts } = this;
    for (let i = 0; i < parts.length; i++)
      parts[i] = (fresh & (1 << i)) === 0 ? this.values.part(before, i) : step.valueOf(i);
    return this.values.of(parts);
  }

  /** What the event says that brought the visitor; NO_VALUE where it says nothing. */
  touchOf(step: EventStep, named: number): number {
    if ((named & this.ofTouch) === 0) return NO_VALUE;
    const { parts } = this;
    for (let i = 0; i < parts.length; i++) parts[i] = (this.ofTouch & (1 << i)) === 0 ? NONE : step.valueOf(i);
    return this.values.of(parts);
  }
}
