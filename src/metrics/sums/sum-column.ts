const FIRST_SIZE = 64;

/**
 * Sums by number. What lies where:
 * - `sums`: by number, what was added up
 * - `marked`: by number, 1 where anything was added, be it that it came to 0
 * - `touched`: the numbers that are marked, in the order in which they were first added to; `count` of them
 */
export class SumColumn {
  private sums = new Float64Array(FIRST_SIZE);
  private marked = new Uint8Array(FIRST_SIZE);
  private touched = new Int32Array(FIRST_SIZE);
  private count = 0;

  /** How many numbers were added to. */
  get size(): number {
    return this.count;
  }

  add(number: number, by: number): void {
    if (number >= this.sums.length) this.grow(number);
    if (this.marked[number] === 0) {
      this.marked[number] = 1;
      this.touched[this.count++] = number;
    }
    this.sums[number] = (this.sums[number] ?? 0) + by;
  }

  /** Was anything added to it? */
  has(number: number): boolean {
    return this.marked[number] === 1;
  }

  /** The i-th number that was added to. */
  number(i: number): number {
    return this.touched[i] ?? 0;
  }

  sum(number: number): number {
    return this.sums[number] ?? 0;
  }

  addAll(other: SumColumn): void {
    for (let i = 0; i < other.count; i++) {
      const number = other.number(i);
      this.add(number, other.sum(number));
    }
  }

  /** What was added is taken off instead. */
  negate(): void {
    for (let i = 0; i < this.count; i++) {
      const number = this.number(i);
      this.sums[number] = 0 - this.sum(number);
    }
  }

  clear(): void {
    for (let i = 0; i < this.count; i++) {
      const number = this.number(i);
      this.sums[number] = 0;
      this.marked[number] = 0;
    }
    this.count = 0;
  }

  private grow(number: number): void {
    let size = this.sums.length * 2;
    while (size <= number) size *= 2;
    const { sums, marked, touched } = this;
    this.sums = new Float64Array(size);
    this.marked = new Uint8Array(size);
    this.touched = new Int32Array(size);
    this.sums.set(sums);
    this.marked.set(marked);
    this.touched.set(touched);
  }
}
