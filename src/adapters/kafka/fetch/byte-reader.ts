/** What the broker sent makes no sense, or is in a form that is not read here. */
export class UnreadableBatch extends Error {
  readonly code = 'unreadable-batch';
  readonly retryable = false;
}

/** A varint of the protocol has ten bytes at most. */
const LONGEST_VARINT = 2 ** 70;

/** Reads the numbers of Kafka's records one after the other, never beyond an end. */
export class ByteReader {
  readonly bytes: Buffer;
  readonly end: number;
  at: number;

  constructor(bytes: Buffer, from = 0, end = bytes.length) {
    this.bytes = bytes;
    this.at = from;
    this.end = end;
  }

  byte(): number {
    const byte = this.at < this.end ? this.bytes[this.at] : undefined;
    if (byte === undefined) throw new UnreadableBatch('a record runs out of the bytes that it came in');
    this.at += 1;
    return byte;
  }

  /** A signed number of variable length, exact up to 2^53. */
  varint(): number {
    let byte = this.byte();
    if (byte < 0x80) return (byte >>> 1) ^ -(byte & 1);
    let value = byte & 0x7f;
    let scale = 0x80;
    do {
      if (scale >= LONGEST_VARINT) throw new UnreadableBatch('a number in a record has more than ten bytes');
      byte = this.byte();
      value += (byte & 0x7f) * scale;
      scale *= 0x80;
    } while (byte >= 0x80);
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  /** A length that must fit into what is left; -1 says that there is nothing. */
  length(): number {
    const length = this.varint();
    if (length < -1 || length > this.end - this.at)
      throw new UnreadableBatch(`a length of ${length} bytes in a record runs out of the bytes that it came in`);
    return length;
  }

  skip(length: number): void {
    if (length > 0) this.at += length;
  }
}
