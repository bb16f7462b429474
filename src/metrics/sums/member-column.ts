import { ByteText } from './byte-text.ts';

const FIRST_OWNERS = 1_024;
const FIRST_MEMBERS = 4_096;

/**
 * Members that join histories, of owners by their numbers. What lies where:
 * - `owners`: the owners that have any, in the order in which they got the first; `renew` by owner: does its life begin anew?
 * - `first`, `last`: by owner, the number of its first and of its last member and 1; 0 where it has none
 * - `next`, `moments`, `from`, `to`: by member, the owner's next and 1, its moment, and where in `texts` it lies
 */
export class MemberColumn {
  readonly owners: number[] = [];
  /** The members' texts. */
  readonly texts = new ByteText();
  private first = new Int32Array(FIRST_OWNERS);
  private last = new Int32Array(FIRST_OWNERS);
  private renewed = new Uint8Array(FIRST_OWNERS);
  private next = new Int32Array(FIRST_MEMBERS);
  private from = new Int32Array(FIRST_MEMBERS);
  private to = new Int32Array(FIRST_MEMBERS);
  private moments = new Float64Array(FIRST_MEMBERS);
  private count = 0;

  /**
   * Begins a member; its text is what is added to `texts` until `end`.
   * @param renew whether the history's life begins anew; what is new has one in any case
   */
  begin(owner: number, atMs: number, renew: boolean): ByteText {
    this.makeRoom(owner);
    const number = this.count++;
    const last = this.last[owner] ?? 0;
    if (last === 0) {
      this.owners.push(owner);
      this.first[owner] = number + 1;
      this.renewed[owner] = 0;
    } else this.next[last - 1] = number + 1;
    if (renew) this.renewed[owner] = 1;
    this.next[number] = 0;
    this.moments[number] = atMs;
    this.from[number] = this.texts.size;
    this.last[owner] = number + 1;
    return this.texts;
  }

  end(): void {
    this.to[this.count - 1] = this.texts.size;
  }

  isRenewed(owner: number): boolean {
    return this.renewed[owner] === 1;
  }

  /** The owner's members, in the order in which they were added: of two that are the same, the score of the later one stays. */
  each(owner: number, visit: (atMs: number, from: number, to: number) => void): void {
    for (let next = this.first[owner] ?? 0; next !== 0; next = this.next[next - 1] ?? 0)
      visit(this.moments[next - 1] ?? 0, this.from[next - 1] ?? 0, this.to[next - 1] ?? 0);
  }

  /** Takes off all that the owner has. @returns moments and members */
  take(owner: number): [atMs: number, member: string][] {
    const place = this.owners.indexOf(owner);
    if (place < 0) return [];
    const taken: [number, string][] = [];
    this.each(owner, (atMs, from, to) => taken.push([atMs, this.texts.bytes.toString('utf8', from, to)]));
    this.owners.splice(place, 1);
    this.last[owner] = 0;
    return taken;
  }

  clear(): void {
    for (const owner of this.owners) this.last[owner] = 0;
    this.owners.length = 0;
    this.count = 0;
    this.texts.clear();
  }

  private makeRoom(owner: number): void {
    if (owner >= this.last.length) {
      const size = sizeFor(this.last.length, owner);
      this.first = grown(this.first, new Int32Array(size));
      this.last = grown(this.last, new Int32Array(size));
      this.renewed = grown(this.renewed, new Uint8Array(size));
    }
    if (this.count >= this.next.length) {
      const size = this.next.length * 2;
      this.next = grown(this.next, new Int32Array(size));
      this.from = grown(this.from, new Int32Array(size));
      this.to = grown(this.to, new Int32Array(size));
      this.moments = grown(this.moments, new Float64Array(size));
    }
  }
}

function sizeFor(size: number, index: number): number {
  let larger = size;
  while (larger <= index) larger *= 2;
  return larger;
}

function grown<T extends Int32Array | Uint8Array | Float64Array>(old: T, larger: T): T {
  larger.set(old);
  return larger;
}
