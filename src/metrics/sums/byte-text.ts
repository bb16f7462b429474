const FIRST_BYTES = 65_536;
const MOST_UNITS_BY_HAND = 64;
const [QUOTE, BACKSLASH, FIRST_PRINTABLE, LAST_ASCII, ZERO, MINUS] = [34, 92, 32, 127, 48, 45];

/** Texts one behind the other as UTF-8, put together from what lies in other buffers without a JavaScript text for each. */
export class ByteText {
  bytes = Buffer.allocUnsafe(FIRST_BYTES);
  /** How many bytes there are. */
  size = 0;

  clear(): void {
    this.size = 0;
  }

  /** A text as it is; most are short and ASCII, and others are written by Node. */
  text(text: string): this {
    this.makeRoom(text.length * 3);
    const { bytes } = this;
    if (text.length > MOST_UNITS_BY_HAND) {
      this.size += bytes.write(text, this.size, 'utf8');
      return this;
    }
    let at = this.size;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code > LAST_ASCII) {
        this.size += bytes.write(text, this.size, 'utf8');
        return this;
      }
      bytes[at++] = code;
    }
    this.size = at;
    return this;
  }

  /** Bytes that lie in `source`, as they are. */
  copy(source: Uint8Array, from = 0, to = source.length): this {
    this.makeRoom(to - from);
    const { bytes } = this;
    let at = this.size;
    for (let i = from; i < to; i++) bytes[at++] = source[i] ?? 0;
    this.size = at;
    return this;
  }

  /** A whole number. */
  number(value: number): this {
    if (value < 0 && value > -1e9) {
      this.makeRoom(1);
      this.bytes[this.size++] = MINUS;
      return this.number(-value);
    }
    if (value < 0 || value >= 1e9) return this.text(String(value));
    this.makeRoom(10);
    let digits = 1;
    for (let limit = 10; value >= limit; limit *= 10) digits++;
    let rest = value;
    for (let at = this.size + digits - 1; at >= this.size; at--) {
      const next = Math.floor(rest / 10);
      this.bytes[at] = ZERO + rest - next * 10;
      rest = next;
    }
    this.size += digits;
    return this;
  }

  /** A text that lies in `source`, as JSON writes it: between quotes, with escapes where it needs them. */
  json(source: Buffer, from: number, to: number): this {
    this.makeRoom(to - from + 2);
    const { bytes } = this;
    let at = this.size;
    bytes[at++] = QUOTE;
    for (let i = from; i < to; i++) {
      const byte = source[i] ?? 0;
      if (byte < FIRST_PRINTABLE || byte === QUOTE || byte === BACKSLASH)
        return this.text(JSON.stringify(source.toString('utf8', from, to)));
      bytes[at++] = byte;
    }
    bytes[at++] = QUOTE;
    this.size = at;
    return this;
  }

  private makeRoom(bytes: number): void {
    if (this.size + bytes <= this.bytes.length) return;
    let size = this.bytes.length * 2;
    while (this.size + bytes > size) size *= 2;
    const larger = Buffer.allocUnsafe(size);
    this.bytes.copy(larger, 0, 0, this.size);
    this.bytes = larger;
  }
}
