import { type Dimension, RETURNING } from '../../metrics/dimension.ts';
import { type DimensionValues, NO_VALUE, NONE } from '../../metrics/sums/dimension-values.ts';
import type { EventStep } from '../event-step.ts';

/**
 * Which dimension values a session has: of each dimension the first that an event of it names. Until one does it is that of what
 * brought the visitor last, where the dimension is about that, or the one for sessions that name none. What is about buyers is told by
 * whether the visitor has bought before.
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
  /** Bits of those that are about buyers; the value of these who have bought before. */
  private readonly ofBuyer: number;
  private readonly returning: readonly number[];

  constructor(dimensions: readonly Dimension[], values: DimensionValues) {
    this.dimensions = dimensions;
    this.values = values;
    this.absent = dimensions.map(({ absent }, i) => values.numberOf(i, absent));
    this.parts = dimensions.map(() => NONE);
    const bitsOf = (kind: Dimension['binds']): number =>
      dimensions.reduce((bits, { binds }, i) => (binds === kind ? bits | (1 << i) : bits), 0);
    this.ofTouch = bitsOf('touch');
    this.ofBuyer = bitsOf('buyer');
    this.returning = dimensions.map(({ binds }, i) => (binds === 'buyer' ? values.numberOf(i, RETURNING) : NONE));
  }

  /** Has it to be known who has ever bought? */
  get asksBuyers(): boolean {
    return this.ofBuyer !== 0;
  }

  /** A bit for each dimension that the event names. */
  namedBy(step: EventStep): number {
    let bits = 0;
    for (let i = 0; i < this.dimensions.length; i++) if (step.valueOf(i) !== NONE) bits |= 1 << i;
    return bits;
  }

  /** @param lastTouch what brought the visitor last, NO_VALUE where that is not known */
  begin(step: EventStep, lastTouch: number, isBuyer: boolean): number {
    const { parts } = this;
    for (let i = 0; i < parts.length; i++) {
      const named = step.valueOf(i);
      const known = named === NONE && lastTouch !== NO_VALUE ? this.values.part(lastTouch, i) : named;
      parts[i] = known === NONE ? (this.absent[i] ?? NONE) : known;
    }
    const begun = this.values.of(parts);
    return isBuyer ? this.asBuyer(begun) : begun;
  }

  /** The same values, of a visitor who has bought before. */
  asBuyer(before: number): number {
    if (this.ofBuyer === 0 || before === NO_VALUE) return before;
    const { parts } = this;
    for (let i = 0; i < parts.length; i++)
      parts[i] = (this.ofBuyer & (1 << i)) === 0 ? this.values.part(before, i) : (this.returning[i] ?? NONE);
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
