import type { Interner } from './interner.ts';

const FIRST_MEMBERS = 1_024;

/**
 * Values of which the newest stays, of members by their numbers. What lies where:
 * - `members`: those that have one, in the order in which they got the first
 * - `moments`, `values`: by member, when the newest was said (NaN where none was), and its number in its dictionary
 */
export class LatestColumn {
  readonly members: number[] = [];
  private moments = new Float64Array(FIRST_MEMBERS).fill(Number.NaN);
  private values = new Int32Array(FIRST_MEMBERS);
  private readonly texts: Interner;

  /** @param texts what the values' numbers are of */
  constructor(texts: Interner) {
    this.texts = texts;
  }

  /** Of one millisecond the last that came stays. */
  keep(member: number, atMs: number, value: number): void {
    if (member >= this.moments.length) this.grow(member);
    const known = this.moments[member] ?? Number.NaN;
    if (known > atMs) return;
    if (Number.isNaN(known)) this.members.push(member);
    this.moments[member] = atMs;
    this.values[member] = value;
  }

  atMs(member: number): number {
    return this.moments[member] ?? Number.NaN;
  }

  text(member: number): string {
    return this.texts.text(this.values[member] ?? 0);
  }

  clear(): void {
    for (const member of this.members) this.moments[member] = Number.NaN;
    this.members.length = 0;
  }

  private grow(member: number): void {
    let size = this.moments.length * 2;
    while (size <= member) size *= 2;
    const moments = new Float64Array(size).fill(Number.NaN);
    moments.set(this.moments);
    this.moments = moments;
    const values = new Int32Array(size);
    values.set(this.values);
    this.values = values;
  }
}
