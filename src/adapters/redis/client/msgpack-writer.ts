const FIRST_BYTES = 65_536;
/** Longest header there is. */
const HEADER = 5;
/** Texts below this length have a header of one byte. */
const SHORT = 32;
const LAST_ASCII = 127;

/** Writes msgpack into one growing buffer: texts from wherever their bytes lie, and lists whose length is told at their end. */
export class MsgpackWriter {
  private buffer = Buffer.allocUnsafe(FIRST_BYTES);
  private used = 0;

  /** How many bytes there are. */
  get size(): number {
    return this.used;
  }

  /** A copy of all that was written; the next begins anew. */
  take(): Buffer {
    const taken = Buffer.from(this.buffer.subarray(0, this.used));
    this.used = 0;
    return taken;
  }

  /** Takes back what was written behind. */
  cutAt(size: number): void {
    this.used = size;
  }

  /** @returns where its length is to be told */
  beginList(): number {
    this.makeRoom(HEADER);
    const at = this.used;
    this.buffer[at] = 0xdd;
    this.used += HEADER;
    return at;
  }

  endList(at: number, length: number): void {
    this.buffer.writeUInt32BE(length, at + 1);
  }

  /** Keys and values follow in turns. */
  map(pairs: number): void {
    this.byte(0x80 | pairs);
  }

  list(length: number): void {
    this.endList(this.beginList(), length);
  }

  /** A whole number from 0 up to 32 bits. */
  whole(value: number): void {
    if (value < 0x80) {
      this.byte(value);
      return;
    }
    this.makeRoom(HEADER);
    this.buffer[this.used] = 0xce;
    this.buffer.writeUInt32BE(value, this.used + 1);
    this.used += HEADER;
  }

  truth(value: boolean): void {
    this.byte(value ? 0xc3 : 0xc2);
  }

  text(text: string): void {
    // A UTF-16 unit takes three bytes at the most.
    this.makeRoom(HEADER + text.length * 3);
    if (text.length < SHORT && this.shortText(text)) return;
    const length = this.buffer.write(text, this.used + HEADER, 'utf8');
    this.endText(length);
  }

  /** A text that begins with `start` and goes on with bytes that lie elsewhere. */
  joined(start: string, bytes: Uint8Array, from: number, to: number): void {
    this.makeRoom(HEADER + start.length * 3 + to - from);
    const head = start === '' ? 0 : this.buffer.write(start, this.used + HEADER, 'utf8');
    let into = this.used + HEADER + head;
    for (let i = from; i < to; i++) this.buffer[into++] = bytes[i] ?? 0;
    this.endText(head + to - from);
  }

  /** Letter by letter, which is quicker for a few; false where one is beyond ASCII. */
  private shortText(text: string): boolean {
    let into = this.used + 1;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code > LAST_ASCII) return false;
      this.buffer[into++] = code;
    }
    this.buffer[this.used] = 0xa0 | text.length;
    this.used = into;
    return true;
  }

  /** The text's bytes stand behind where its header belongs. */
  private endText(length: number): void {
    this.buffer[this.used] = 0xdb;
    this.buffer.writeUInt32BE(length, this.used + 1);
    this.used += HEADER + length;
  }

  private byte(value: number): void {
    this.makeRoom(1);
    this.buffer[this.used++] = value;
  }

  private makeRoom(bytes: number): void {
    if (this.used + bytes <= this.buffer.length) return;
    let size = this.buffer.length * 2;
    while (this.used + bytes > size) size *= 2;
    const larger = Buffer.allocUnsafe(size);
    this.buffer.copy(larger, 0, 0, this.used);
    this.buffer = larger;
  }
}
