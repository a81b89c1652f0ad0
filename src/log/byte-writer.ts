/** A growing buffer with the number codes of the log. */
export class ByteWriter {
  bytes: Buffer = Buffer.allocUnsafe(4096);
  length = 0;

  clear(): void {
    this.length = 0;
  }

  /** What was written, as a view: valid until the next write. */
  view(): Buffer {
    return this.bytes.subarray(0, this.length);
  }

  reserve(bytes: number): void {
    if (this.length + bytes <= this.bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.length + bytes, this.bytes.length * 2));
    this.bytes.copy(larger, 0, 0, this.length);
    this.bytes = larger;
  }

  /** Non-negative integer, 7 bits a byte, lowest first; the top bit says that more follow. */
  unsigned(value: number): void {
    this.reserve(10);
    let rest = value;
    while (rest >= 128) {
      this.bytes[this.length++] = (rest % 128) | 128;
      rest = Math.floor(rest / 128);
    }
    this.bytes[this.length++] = rest;
  }

  /**
   * Integer with sign: the first byte has the sign in bit 6 and the lowest 6 bits of the magnitude,
   * the others go on as in `unsigned`. Exact for every double that is an integer, also above 2^53.
   */
  signed(value: number): void {
    this.reserve(11);
    const sign = value < 0 ? 64 : 0;
    let rest = value < 0 ? -value : value;
    if (rest < 64) {
      this.bytes[this.length++] = sign | rest;
      return;
    }
    this.bytes[this.length++] = 128 | sign | (rest % 64);
    rest = Math.floor(rest / 64);
    while (rest >= 128) {
      this.bytes[this.length++] = (rest % 128) | 128;
      rest = Math.floor(rest / 128);
    }
    this.bytes[this.length++] = rest;
  }

  /** What another one holds, as it stands. */
  append(other: ByteWriter): void {
    this.reserve(other.length);
    other.bytes.copy(this.bytes, this.length, 0, other.length);
    this.length += other.length;
  }

  /** Length in bytes, then UTF-8. */
  text(value: string): void {
    const bytes = Buffer.byteLength(value);
    this.unsigned(bytes);
    this.reserve(bytes);
    this.length += this.bytes.write(value, this.length, bytes, "utf8");
  }
}
