const FIRST_SESSIONS = 1_024;

/**
 * How far sessions have come in each funnel, in the funnels' fixed order. What lies where, at session × funnels + funnel:
 * - `stages`: how many stages it has reached
 * - `afterMs`: when the last of them was reached, in milliseconds after the session's first event
 */
export class FunnelProgress {
  readonly funnels: number;
  private stages: Uint8Array;
  private afterMs: Float64Array;

  constructor(funnels: number) {
    this.funnels = funnels;
    this.stages = new Uint8Array(FIRST_SESSIONS * funnels);
    this.afterMs = new Float64Array(FIRST_SESSIONS * funnels);
  }

  begin(session: number): void {
    const from = session * this.funnels;
    if (from + this.funnels > this.stages.length) this.grow();
    this.stages.fill(0, from, from + this.funnels);
    this.afterMs.fill(0, from, from + this.funnels);
  }

  stagesOf(session: number, funnel: number): number {
    return this.stages[session * this.funnels + funnel] ?? 0;
  }

  afterMsOf(session: number, funnel: number): number {
    return this.afterMs[session * this.funnels + funnel] ?? 0;
  }

  set(session: number, funnel: number, stages: number, afterMs: number): void {
    this.stages[session * this.funnels + funnel] = stages;
    this.afterMs[session * this.funnels + funnel] = afterMs;
  }

  private grow(): void {
    const [stages, afterMs] = [this.stages, this.afterMs];
    this.stages = new Uint8Array(stages.length * 2);
    this.stages.set(stages);
    this.afterMs = new Float64Array(afterMs.length * 2);
    this.afterMs.set(afterMs);
  }
}

const BITS = 32;

/** At which stages of open funnels users are counted already; of each user some words of 32 bits, a bit a stage. */
export class StageMarks {
  private readonly words: number;
  private marks: Int32Array;

  constructor(stages: number) {
    this.words = Math.ceil(stages / BITS);
    this.marks = new Int32Array(FIRST_SESSIONS * this.words);
  }

  has(user: number, stage: number): boolean {
    return ((this.marks[user * this.words + (stage >> 5)] ?? 0) & (1 << (stage & 31))) !== 0;
  }

  add(user: number, stage: number): void {
    const word = user * this.words + (stage >> 5);
    if (word >= this.marks.length) this.grow(word);
    this.marks[word] = (this.marks[word] ?? 0) | (1 << (stage & 31));
  }

  clear(user: number): void {
    this.marks.fill(0, user * this.words, (user + 1) * this.words);
  }

  of(user: number): number[] {
    const marked: number[] = [];
    for (let word = 0; word < this.words; word++)
      for (let bits = this.marks[user * this.words + word] ?? 0; bits !== 0; bits &= bits - 1)
        marked.push(word * BITS + BITS - 1 - Math.clz32(bits & -bits));
    return marked;
  }

  private grow(word: number): void {
    let size = this.marks.length;
    while (size <= word) size *= 2;
    const larger = new Int32Array(size);
    larger.set(this.marks);
    this.marks = larger;
  }
}
