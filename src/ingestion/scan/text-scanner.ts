const QUOTE = 34;
const BACKSLASH = 92;
const FIRST_PRINTABLE = 32;
const LAST_ASCII = 127;
const POINT = 46;
const ZERO = 48;
const NINE = 57;
const COMMA = 44;
const END_OF_LIST = 93;
const END_OF_OBJECT = 125;

/** A double holds every whole number of so many digits, and every power of ten up to the 22nd, so that their quotient is rounded once. */
const MOST_DIGITS = 15;
const POWERS = Array.from({ length: MOST_DIGITS + 1 }, (_, i) => 10 ** i);
const FNV_PRIME = 0x01000193;

/** Not what is looked for, or not written plainly: somebody else has to look at it. */
export const NOT_PLAIN = -1;

/**
 * Reads JSON's texts and numbers where they lie, as long as they are written plainly: texts without escapes, numbers without sign and
 * exponent. Says where they end, and keeps what the last one was.
 */
export class TextScanner {
  /** Of the last text: 32 bits of FNV-1a, from a start that nobody outside knows. */
  hash = 0;
  /** The last number, the double that JSON.parse would give. */
  number = 0;
  /** Has any text held a byte beyond ASCII? Then somebody has to see that they are UTF-8. */
  beyondAscii = false;
  private readonly start: number;

  /** @param seed so that nobody can send texts that all hash alike */
  constructor(seed: number) {
    this.start = 0x811c9dc5 ^ seed;
  }

  /** From behind the opening quote; returns where the closing one stands. */
  text(bytes: Uint8Array, from: number): number {
    let at = from;
    let byte = bytes[at] ?? 0;
    let hash = this.start;
    while (byte !== QUOTE) {
      if (byte < FIRST_PRINTABLE || byte === BACKSLASH) return NOT_PLAIN;
      if (byte > LAST_ASCII) this.beyondAscii = true;
      hash = Math.imul(hash ^ byte, FNV_PRIME);
      byte = bytes[++at] ?? 0;
    }
    this.hash = hash;
    return at;
  }

  /** From its first digit; returns where it ends. */
  decimal(bytes: Uint8Array, from: number): number {
    let at = from;
    let mantissa = 0;
    let byte = bytes[at] ?? 0;
    while (byte >= ZERO && byte <= NINE) {
      mantissa = mantissa * 10 + (byte - ZERO);
      byte = bytes[++at] ?? 0;
    }
    const whole = at - from;
    if (whole === 0 || whole > MOST_DIGITS || (whole > 1 && bytes[from] === ZERO)) return NOT_PLAIN;
    let places = 0;
    if (byte === POINT) {
      byte = bytes[++at] ?? 0;
      while (byte >= ZERO && byte <= NINE) {
        mantissa = mantissa * 10 + (byte - ZERO);
        places++;
        byte = bytes[++at] ?? 0;
      }
      if (places === 0 || whole + places > MOST_DIGITS) return NOT_PLAIN;
    }
    this.number = places === 0 ? mantissa : mantissa / (POWERS[places] ?? 1);
    return byte === COMMA || byte === END_OF_OBJECT || byte === END_OF_LIST ? at : NOT_PLAIN;
  }
}
