import type { Interner } from '../../metrics/sums/interner.ts';

/** What a test says of each text of a dictionary, asked once. */
export class Judgements {
  private readonly texts: Interner;
  private readonly test: (text: string) => boolean;
  private readonly verdicts: (boolean | undefined)[] = [];

  constructor(texts: Interner, test: (text: string) => boolean) {
    this.texts = texts;
    this.test = test;
  }

  holds(number: number): boolean {
    const known = this.verdicts[number];
    if (known !== undefined) return known;
    const verdict = this.test(this.texts.text(number));
    this.verdicts[number] = verdict;
    return verdict;
  }
}
