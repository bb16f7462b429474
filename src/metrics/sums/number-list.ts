const FIRST_SIZE = 16;

/** A list of numbers that grows. */
export class NumberList {
  private numbers = new Int32Array(FIRST_SIZE);
  private count = 0;

  get size(): number {
    return this.count;
  }

  at(i: number): number {
    return this.numbers[i] ?? 0;
  }

  push(number: number): void {
    if (this.count === this.numbers.length) {
      const larger = new Int32Array(this.count * 2);
      larger.set(this.numbers);
      this.numbers = larger;
    }
    this.numbers[this.count++] = number;
  }
}
