import { Interner } from './interner.ts';

/** No combination: what is added for it counts in the sum over all alone. */
export const NO_VALUE = 0;
/** No value of one dimension. */
export const NONE = 0;

const FIRST_COMBINATIONS = 256;

/**
 * Values of every dimension as numbers, and combinations of them, one value a dimension, as numbers of their own: whatever has a value
 * of each dimension says so by one number. What lies where:
 * - `texts`: by dimension, its values; the first is NONE, the empty text
 * - `parts`: at combination × dimensions + dimension, the number of the value; of NO_VALUE all are NONE
 */
export class DimensionValues {
  /** In the order of the settings. */
  readonly names: readonly string[];
  readonly texts: readonly Interner[];
  private parts: Int32Array;
  private readonly numbers = new Map<string, number>();
  private count = 0;

  constructor(names: readonly string[], seed: number) {
    this.names = names;
    this.texts = names.map(() => new Interner(seed));
    this.parts = new Int32Array(FIRST_COMBINATIONS * names.length);
    for (const texts of this.texts) texts.ofText('');
    this.of(names.map(() => NONE));
  }

  /** How many there are of what there are most. */
  get size(): number {
    return Math.max(this.count, ...this.texts.map(({ size }) => size));
  }

  /** The number of one dimension's value; NONE where there is none. */
  numberOf(dimension: number, value: string | undefined): number {
    return value === undefined ? NONE : (this.texts[dimension]?.ofText(value) ?? NONE);
  }

  /** @param values a number for each dimension */
  of(values: readonly number[]): number {
    const key = values.join();
    const known = this.numbers.get(key);
    if (known !== undefined) return known;
    const number = this.count++;
    const from = number * this.names.length;
    if (from + values.length > this.parts.length) this.grow();
    this.parts.set(values, from);
    this.numbers.set(key, number);
    return number;
  }

  /** @param values a text for each dimension; those that are missing are none */
  ofTexts(values: readonly string[]): number {
    return this.of(this.texts.map((texts, dimension) => texts.ofText(values[dimension] ?? '')));
  }

  /** The number of a combination's value. */
  part(combination: number, dimension: number): number {
    return this.parts[combination * this.names.length + dimension] ?? NONE;
  }

  /** A combination's value of a dimension. */
  text(combination: number, dimension: number): string {
    return this.texts[dimension]?.text(this.part(combination, dimension)) ?? '';
  }

  /** All values of a combination. */
  textsOf(combination: number): string[] {
    return this.names.map((_, dimension) => this.text(combination, dimension));
  }

  private grow(): void {
    const { parts } = this;
    this.parts = new Int32Array(parts.length * 2);
    this.parts.set(parts);
  }
}
