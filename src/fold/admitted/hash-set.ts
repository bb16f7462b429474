const FIRST_SLOTS = 256;

/**
 * Hashes of 64 bits, in two halves. What lies where:
 * - `slots`: a hash table by open addressing, at most half full: the number of a hash and 1, 0 where there is none
 * - `halves`: the hashes, one behind the other
 */
export class HashSet {
  private slots = new Int32Array(FIRST_SLOTS);
  private halves = new Int32Array(FIRST_SLOTS);
  private count = 0;

  get size(): number {
    return this.count;
  }

  has(a: number, b: number): boolean {
    return this.slots[this.slotOf(a, b)] !== 0;
  }

  /** One that is there already stays. */
  add(a: number, b: number): void {
    if ((this.count + 1) * 2 > this.slots.length) this.grow();
    const slot = this.slotOf(a, b);
    if (this.slots[slot] !== 0) return;
    this.halves[this.count * 2] = a;
    this.halves[this.count * 2 + 1] = b;
    this.count += 1;
    this.slots[slot] = this.count;
  }

  /** Where it lies, or where it would. */
  private slotOf(a: number, b: number): number {
    const { slots, halves } = this;
    const mask = slots.length - 1;
    let slot = a & mask;
    for (let at = slots[slot] ?? 0; at !== 0; at = slots[slot] ?? 0) {
      if (halves[at * 2 - 2] === a && halves[at * 2 - 1] === b) return slot;
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private grow(): void {
    const halves = new Int32Array(this.halves.length * 2);
    halves.set(this.halves);
    this.halves = halves;
    this.slots = new Int32Array(this.slots.length * 2);
    for (let at = 0; at < this.count; at++)
      this.slots[this.slotOf(halves[at * 2] ?? 0, halves[at * 2 + 1] ?? 0)] = at + 1;
  }
}
