const BITS = 32;
const FIRST_MARKS = 1_024;

/** Stages of open funnels that marks stand for; of each mark some words of 32 bits, a bit a stage. */
export class MarkStages {
  private readonly words: number;
  private marks: Int32Array;

  constructor(stages: number) {
    this.words = Math.ceil(stages / BITS);
    this.marks = new Int32Array(FIRST_MARKS * this.words);
  }

  has(mark: number, stage: number): boolean {
    return ((this.marks[mark * this.words + (stage >> 5)] ?? 0) & (1 << (stage & 31))) !== 0;
  }

  add(mark: number, stage: number): void {
    const word = mark * this.words + (stage >> 5);
    if (word >= this.marks.length) this.grow(word);
    this.marks[word] = (this.marks[word] ?? 0) | (1 << (stage & 31));
  }

  clear(mark: number): void {
    this.marks.fill(0, mark * this.words, (mark + 1) * this.words);
  }

  of(mark: number): number[] {
    const found: number[] = [];
    for (let word = 0; word < this.words; word++)
      for (let bits = this.marks[mark * this.words + word] ?? 0; bits !== 0; bits &= bits - 1)
        found.push(word * BITS + BITS - 1 - Math.clz32(bits & -bits));
    return found;
  }

  private grow(word: number): void {
    let size = this.marks.length;
    while (size <= word) size *= 2;
    const larger = new Int32Array(size);
    larger.set(this.marks);
    this.marks = larger;
  }
}
