import type { Interner } from './interner.ts';

const FIRST_MEMBERS = 1_024;

/**
 * Values of which the newest stays, of members by their numbers. What lies where:
 * - `members`: those of which there is something to write, in the order in which there first was
 * - `isWaiting`: by member, 1 where it is among these
 * - `moments`, `values`: by member, when the newest was said (NaN where none was), and its number in its dictionary; they outlast the
 *   unit, since what was written once need not be written again
 */
export class LatestColumn {
  readonly members: number[] = [];
  private isWaiting = new Uint8Array(FIRST_MEMBERS);
  private moments = new Float64Array(FIRST_MEMBERS).fill(Number.NaN);
  private values = new Int32Array(FIRST_MEMBERS);
  private readonly texts: Interner;
  private readonly grainMs: number;

  /**
   * @param texts what the values' numbers are of
   * @param grainMs moments are told apart by so much: what is said again within it is not written again
   */
  constructor(texts: Interner, grainMs = 1) {
    this.texts = texts;
    this.grainMs = grainMs;
  }

  /** Of one moment the last that came stays. */
  keep(member: number, atMs: number, value: number): void {
    if (member >= this.moments.length) this.grow(member);
    const moment = this.grainMs === 1 ? atMs : Math.floor(atMs / this.grainMs) * this.grainMs;
    const known = this.moments[member] ?? Number.NaN;
    if (known > moment || (known === moment && this.values[member] === value)) return;
    this.moments[member] = moment;
    this.values[member] = value;
    if (this.isWaiting[member] === 1) return;
    this.isWaiting[member] = 1;
    this.members.push(member);
  }

  atMs(member: number): number {
    return this.moments[member] ?? Number.NaN;
  }

  text(member: number): string {
    return this.texts.text(this.values[member] ?? 0);
  }

  /** To be called when they are written. */
  clear(): void {
    for (const member of this.members) this.isWaiting[member] = 0;
    this.members.length = 0;
  }

  private grow(member: number): void {
    let size = this.moments.length * 2;
    while (size <= member) size *= 2;
    const moments = new Float64Array(size).fill(Number.NaN);
    moments.set(this.moments);
    this.moments = moments;
    this.values = grown(this.values, new Int32Array(size));
    this.isWaiting = grown(this.isWaiting, new Uint8Array(size));
  }
}

function grown<T extends Int32Array | Uint8Array>(old: T, larger: T): T {
  larger.set(old);
  return larger;
}
