/** Numbers of values and terms are far below. */
const [VALUES, TERMS] = [2 ** 20, 2 ** 24];

/** What is searched for with one value of one dimension, as a number. */
export class SearchKeys {
  private readonly keys: number[] = [];
  private readonly numbers = new Map<number, number>();

  get size(): number {
    return this.keys.length;
  }

  /** @param value number of a value of the dimension, as `term` is of a term */
  of(dimension: number, value: number, term: number): number {
    const key = (dimension * VALUES + value) * TERMS + term;
    const known = this.numbers.get(key);
    if (known !== undefined) return known;
    const number = this.keys.push(key) - 1;
    this.numbers.set(key, number);
    return number;
  }

  dimension(number: number): number {
    return Math.floor((this.keys[number] ?? 0) / (VALUES * TERMS));
  }

  value(number: number): number {
    return Math.floor((this.keys[number] ?? 0) / TERMS) % VALUES;
  }

  term(number: number): number {
    return (this.keys[number] ?? 0) % TERMS;
  }
}
