import type { Interner } from './interner.ts';

const FIRST_MEMBERS = 1_024;

/** Where an event's id lies. */
export interface IdPlace {
  readonly idSource: Buffer;
  readonly idFrom: number;
  readonly idTo: number;
}

/**
 * Values of which the newest stays, of members by their numbers. What lies where:
 * - `members`: those that have one, in the order in which they got the first
 * - `moments`, `values`: by member, when the newest was said (NaN where none was), and its number in its dictionary
 * - `ids`, `idFrom`, `idTo`: by member, where the id of the event that said it lies
 */
export class LatestColumn {
  readonly members: number[] = [];
  private moments = new Float64Array(FIRST_MEMBERS).fill(Number.NaN);
  private values = new Int32Array(FIRST_MEMBERS);
  private idFrom = new Int32Array(FIRST_MEMBERS);
  private idTo = new Int32Array(FIRST_MEMBERS);
  private readonly ids: Buffer[] = [];
  private readonly texts: Interner;

  /** @param texts what the values' numbers are of */
  constructor(texts: Interner) {
    this.texts = texts;
  }

  /** Of one millisecond the greater (event id, value) stays, whatever the order in which they come. */
  keep(member: number, atMs: number, value: number, place: IdPlace): void {
    if (member >= this.moments.length) this.grow(member);
    const known = this.moments[member] ?? Number.NaN;
    if (known > atMs) return;
    if (known === atMs && !this.isLater(member, value, place)) return;
    if (Number.isNaN(known)) this.members.push(member);
    this.moments[member] = atMs;
    this.values[member] = value;
    this.ids[member] = place.idSource;
    this.idFrom[member] = place.idFrom;
    this.idTo[member] = place.idTo;
  }

  atMs(member: number): number {
    return this.moments[member] ?? Number.NaN;
  }

  text(member: number): string {
    return this.texts.text(this.values[member] ?? 0);
  }

  eventId(member: number): string {
    return this.ids[member]?.toString('utf8', this.idFrom[member], this.idTo[member]) ?? '';
  }

  clear(): void {
    for (const member of this.members) this.moments[member] = Number.NaN;
    this.members.length = 0;
    this.ids.length = 0;
  }

  private isLater(member: number, value: number, { idSource, idFrom, idTo }: IdPlace): boolean {
    // As the store compares what both are kept as.
    const offered = JSON.stringify([idSource.toString('utf8', idFrom, idTo), this.texts.text(value)]);
    return offered > JSON.stringify([this.eventId(member), this.text(member)]);
  }

  private grow(member: number): void {
    let size = this.moments.length * 2;
    while (size <= member) size *= 2;
    const moments = new Float64Array(size).fill(Number.NaN);
    moments.set(this.moments);
    this.moments = moments;
    this.values = larger(this.values, size);
    this.idFrom = larger(this.idFrom, size);
    this.idTo = larger(this.idTo, size);
  }
}

function larger(old: Int32Array, size: number): Int32Array<ArrayBuffer> {
  const made = new Int32Array(size);
  made.set(old);
  return made;
}
