const MOST_BYTES = 1_024;
const [C1, C2, C3, C4] = [0x239b961b, 0xab0e9789, 0x38b34ae5, 0xa1e38b93];

/**
 * MurmurHash3 x86 128 (Austin Appleby, public domain) of a list of texts; `a`, `b` and `c` are its first 96 bits, so that two of a billion
 * ids never meet. No secret is in it: whoever knows the ids of another's event could send these themselves.
 */
export class IdHash {
  a = 0;
  b = 0;
  c = 0;
  private readonly bytes = new Uint8Array(MOST_BYTES);
  /** The same bytes, four at a time. */
  private readonly words = new Int32Array(this.bytes.buffer);
  private used = 0;

  /** @param kind keeps ids of different things apart */
  begin(kind: number): this {
    this.bytes[0] = kind;
    this.used = 1;
    return this;
  }

  /** Adds a text, with its length, so that no two lists of texts are the same bytes. */
  add(source: Uint8Array, from: number, to: number): this {
    const { bytes } = this;
    let at = this.used;
    bytes[at++] = (to - from) >>> 8;
    bytes[at++] = to - from;
    for (let i = from; i < to; i++) bytes[at++] = source[i] ?? 0;
    this.used = at;
    return this;
  }

  end(): this {
    const { words, used } = this;
    this.bytes.fill(0, used, (used + 15) & ~15);
    let [h1, h2, h3, h4] = [0, 0, 0, 0];
    const whole = used >>> 4;
    for (let block = 0; block < whole; block++) {
      const at = block * 4;
      h1 = Math.imul(rotated(h1 ^ mixed(words[at] ?? 0, C1, 15, C2), 19) + h2, 5) + 0x561ccd1b;
      h2 = Math.imul(rotated(h2 ^ mixed(words[at + 1] ?? 0, C2, 16, C3), 17) + h3, 5) + 0x0bcaa747;
      h3 = Math.imul(rotated(h3 ^ mixed(words[at + 2] ?? 0, C3, 17, C4), 15) + h4, 5) + 0x96cd1c35;
      h4 = Math.imul(rotated(h4 ^ mixed(words[at + 3] ?? 0, C4, 18, C1), 13) + h1, 5) + 0x32ac3b17;
    }
    // What is left over of a block is filled up with zeros, which mix to zero.
    const at = whole * 4;
    if ((used & 15) > 0) {
      h1 ^= mixed(words[at] ?? 0, C1, 15, C2);
      h2 ^= mixed(words[at + 1] ?? 0, C2, 16, C3);
      h3 ^= mixed(words[at + 2] ?? 0, C3, 17, C4);
      h4 ^= mixed(words[at + 3] ?? 0, C4, 18, C1);
    }
    this.finish(h1 ^ used, h2 ^ used, h3 ^ used, h4 ^ used);
    return this;
  }

  private finish(first: number, second: number, third: number, fourth: number): void {
    let [h1, h2, h3, h4] = [first, second, third, fourth];
    h1 = (h1 + h2 + h3 + h4) | 0;
    h2 = avalanche((h2 + h1) | 0);
    h3 = avalanche((h3 + h1) | 0);
    h4 = avalanche((h4 + h1) | 0);
    h1 = avalanche(h1);
    h1 = (h1 + h2 + h3 + h4) | 0;
    this.a = h1;
    this.b = (h2 + h1) | 0;
    this.c = (h3 + h1) | 0;
  }
}

const rotated = (word: number, by: number): number => (word << by) | (word >>> (32 - by));

const mixed = (word: number, first: number, by: number, second: number): number =>
  Math.imul(rotated(Math.imul(word, first), by), second);

function avalanche(word: number): number {
  let h = word;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
