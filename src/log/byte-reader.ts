/** Reads the number codes that `ByteWriter` writes. Reading past the end throws a `RangeError`. */
export class ByteReader {
  readonly bytes: Uint8Array;
  position = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  get atEnd(): boolean {
    return this.position >= this.bytes.length;
  }

  byte(): number {
    const byte = this.bytes[this.position++];
    if (byte === undefined) throw new RangeError("the block ends in the middle of a sample");
    return byte;
  }

  unsigned(): number {
    let byte = this.byte();
    if (byte < 128) return byte;
    let value = byte & 127;
    let factor = 128;
    for (;;) {
      byte = this.byte();
      value += (byte & 127) * factor;
      if (byte < 128) return value;
      factor *= 128;
    }
  }

  /** @param first the code's first byte when it was read already */
  signed(first = this.byte()): number {
    let value = first & 63;
    if (first >= 128) {
      let factor = 64;
      for (;;) {
        const byte = this.byte();
        value += (byte & 127) * factor;
        if (byte < 128) break;
        factor *= 128;
      }
    }
    return (first & 64) !== 0 ? -value : value;
  }

  text(): string {
    return this.take(this.unsigned()).toString("utf8");
  }

  /** So many bytes, as a view. */
  take(length: number): Buffer {
    const start = this.position;
    if (start + length > this.bytes.length) throw new RangeError("the block ends in the middle");
    this.position = start + length;
    return Buffer.from(this.bytes.buffer, this.bytes.byteOffset + start, length);
  }
}
