import { Interner } from './interner.ts';

/** No combination: what is added for it counts in the sum over all alone. */
export const NO_VALUE = 0;
/** No value of one dimension. */
export const NONE = 0;

const FIRST_COMBINATIONS = 256;
const EMPTY = -1;
const HASH_PRIME = 0x01000193;

/**
 * Values of every dimension as numbers, and combinations of them, one value a dimension, as numbers of their own: whatever has a value
 * of each dimension says so by one number. What lies where:
 * - `texts`: by dimension, its values; the first is NONE, the empty text
 * - `parts`: at combination × dimensions + dimension, the number of the value; of NO_VALUE all are NONE
 * - `slots`: a hash table of combinations by open addressing, at most half full; EMPTY where there is none
 * - `stored`: by combination, its values as state holds them, made when that is first asked for
 */
export class DimensionValues {
  /** In the order of the settings. */
  readonly names: readonly string[];
  readonly texts: readonly Interner[];
  private parts: Int32Array;
  private slots = new Int32Array(FIRST_COMBINATIONS * 2).fill(EMPTY);
  private readonly stored: (Buffer | undefined)[] = [];
  private count = 0;
  private readonly seed: number;

  constructor(names: readonly string[], seed: number) {
    this.names = names;
    this.seed = seed;
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
    let slot = this.slotOf(values);
    for (let at = this.slots[slot] ?? EMPTY; at !== EMPTY; at = this.slots[slot] ?? EMPTY) {
      if (this.is(at, values)) return at;
      slot = (slot + 1) & (this.slots.length - 1);
    }
    const number = this.count++;
    const from = number * this.names.length;
    if (from + values.length > this.parts.length) this.grow();
    this.parts.set(values, from);
    this.slots[slot] = number;
    if (this.count * 2 > this.slots.length) this.growSlots();
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

  /** A list with a text for each dimension, as JSON; an empty one of NO_VALUE. */
  json(combination: number): Buffer {
    const known = this.stored[combination];
    if (known !== undefined) return known;
    const made = Buffer.from(JSON.stringify(combination === NO_VALUE ? [] : this.textsOf(combination)));
    this.stored[combination] = made;
    return made;
  }

  private slotOf(values: readonly number[]): number {
    let hash = this.seed;
    for (const value of values) hash = Math.imul(hash ^ value ^ (hash >>> 15), HASH_PRIME);
    return (hash ^ (hash >>> 15)) & (this.slots.length - 1);
  }

  private is(combination: number, values: readonly number[]): boolean {
    for (let i = 0; i < values.length; i++) if (this.part(combination, i) !== values[i]) return false;
    return true;
  }

  private growSlots(): void {
    const mask = this.slots.length * 2 - 1;
    this.slots = new Int32Array(mask + 1).fill(EMPTY);
    for (let combination = 0; combination < this.count; combination++) {
      let slot = this.slotOf(this.names.map((_, i) => this.part(combination, i)));
      while (this.slots[slot] !== EMPTY) slot = (slot + 1) & mask;
      this.slots[slot] = combination;
    }
  }

  private grow(): void {
    const { parts } = this;
    this.parts = new Int32Array(parts.length * 2);
    this.parts.set(parts);
  }
}
