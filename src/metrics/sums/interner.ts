const FIRST_SLOTS = 1_024;
const FIRST_BYTES = 16_384;
const EMPTY = -1;
const FNV_START = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/**
 * Texts as small numbers: the first text that is met is 0, the next new one 1, and so on. What lies where:
 * - `arena`: the texts' UTF-8 bytes, one behind the other
 * - `offsets`, `lengths`, `hashes`: by number, where its bytes lie and what they hash to
 * - `slots`: a hash table of numbers by open addressing, at most half full; EMPTY where there is none
 * - `texts`: by number, the JavaScript text, made when it is first asked for
 */
export class Interner {
  private arena = Buffer.alloc(FIRST_BYTES);
  private used = 0;
  private offsets = new Int32Array(FIRST_SLOTS / 2);
  private lengths = new Int32Array(FIRST_SLOTS / 2);
  private hashes = new Int32Array(FIRST_SLOTS / 2);
  private slots = new Int32Array(FIRST_SLOTS).fill(EMPTY);
  private readonly texts: (string | undefined)[] = [];
  private readonly hashStart: number;

  /** @param seed so that nobody can send texts that all hash alike; the scanner that hashes for it has the same */
  constructor(seed = 0) {
    this.hashStart = FNV_START ^ seed;
  }

  /** How many texts there are. */
  get size(): number {
    return this.texts.length;
  }

  /** Where the texts' bytes lie; another one whenever it has to grow. */
  get bytes(): Buffer {
    return this.arena;
  }

  /** Where in `bytes` a text begins. */
  from(number: number): number {
    return this.offsets[number] ?? 0;
  }

  /** Where in `bytes` a text ends. */
  to(number: number): number {
    return (this.offsets[number] ?? 0) + (this.lengths[number] ?? 0);
  }

  /**
   * The number of a text, which lies in `bytes` from `from` to before `to`.
   * @param hash 32 bits of FNV-1a of these bytes, from the seeded start
   */
  of(bytes: Uint8Array, from: number, to: number, hash: number): number {
    const { slots, hashes, lengths, offsets, arena } = this;
    const length = to - from;
    const mask = slots.length - 1;
    let slot = spread(hash) & mask;
    for (let at = slots[slot] ?? EMPTY; at !== EMPTY; at = slots[slot] ?? EMPTY) {
      if (hashes[at] === hash && lengths[at] === length) {
        let held = offsets[at] ?? 0;
        let i = from;
        while (i < to && arena[held] === bytes[i]) {
          i++;
          held++;
        }
        if (i === to) return at;
      }
      slot = (slot + 1) & mask;
    }
    return this.add(bytes, from, to, hash, slot, undefined);
  }

  ofText(text: string): number {
    const known = this.find(text);
    return known.number === EMPTY
      ? this.add(known.bytes, 0, known.bytes.length, known.hash, known.slot, text)
      : known.number;
  }

  /** The text of a number that `of` gave. */
  text(number: number): string {
    const known = this.texts[number];
    if (known !== undefined) return known;
    const made = this.arena.toString('utf8', this.from(number), this.to(number));
    this.texts[number] = made;
    return made;
  }

  private find(text: string) {
    const bytes = Buffer.from(text);
    let hash = this.hashStart;
    for (const byte of bytes) hash = Math.imul(hash ^ byte, FNV_PRIME);
    const mask = this.slots.length - 1;
    let slot = spread(hash) & mask;
    for (let at = this.slots[slot] ?? EMPTY; at !== EMPTY; at = this.slots[slot] ?? EMPTY) {
      if (this.hashes[at] === hash && this.arena.compare(bytes, 0, bytes.length, this.from(at), this.to(at)) === 0)
        return { number: at, bytes, hash, slot };
      slot = (slot + 1) & mask;
    }
    return { number: EMPTY, bytes, hash, slot };
  }

  private add(
    bytes: Uint8Array,
    from: number,
    to: number,
    hash: number,
    slot: number,
    text: string | undefined,
  ): number {
    const at = this.texts.length;
    if (at === this.hashes.length) this.growNumbers();
    this.makeRoom(to - from);
    this.arena.set(bytes.subarray(from, to), this.used);
    this.offsets[at] = this.used;
    this.lengths[at] = to - from;
    this.hashes[at] = hash;
    this.used += to - from;
    this.slots[slot] = at;
    this.texts.push(text);
    if (this.texts.length * 2 > this.slots.length) this.growSlots();
    return at;
  }

  private makeRoom(length: number): void {
    let size = this.arena.length;
    while (this.used + length > size) size *= 2;
    if (size > this.arena.length) this.arena = grown(this.arena, Buffer.alloc(size));
  }

  private growNumbers(): void {
    const size = this.hashes.length * 2;
    this.offsets = grown(this.offsets, new Int32Array(size));
    this.lengths = grown(this.lengths, new Int32Array(size));
    this.hashes = grown(this.hashes, new Int32Array(size));
  }

  private growSlots(): void {
    const mask = this.slots.length * 2 - 1;
    const slots = new Int32Array(mask + 1).fill(EMPTY);
    for (let at = 0; at < this.texts.length; at++) {
      let slot = spread(this.hashes[at] ?? 0) & mask;
      while (slots[slot] !== EMPTY) slot = (slot + 1) & mask;
      slots[slot] = at;
    }
    this.slots = slots;
  }
}

/** Lower bits tell apart what differs in the upper ones alone. */
function spread(hash: number): number {
  const mixed = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return mixed ^ (mixed >>> 13);
}

function grown<T extends Uint8Array | Int32Array>(old: T, larger: T): T {
  larger.set(old);
  return larger;
}
