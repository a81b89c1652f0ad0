/**
 * Walks over ASCII text in bytes without making strings: what parsers of kernel files are built on.
 * Numbers come as doubles: exact up to 2^53, rounded above (64-bit counters of nanoseconds).
 */
const NEWLINE = 10;
const SPACE = 32;
const TAB = 9;
const MINUS = 45;
const ZERO = 48;

export class ByteScanner {
  bytes: Uint8Array = new Uint8Array(0);
  position = 0;
  end = 0;

  reset(bytes: Uint8Array): this {
    this.bytes = bytes;
    this.position = 0;
    this.end = bytes.length;
    return this;
  }

  get atEnd(): boolean {
    return this.position >= this.end;
  }

  get atLineEnd(): boolean {
    return this.position >= this.end || this.bytes[this.position] === NEWLINE;
  }

  /** Skips spaces and tabs. */
  skipBlanks(): void {
    const { bytes, end } = this;
    let p = this.position;
    while (p < end && (bytes[p] === SPACE || bytes[p] === TAB)) p++;
    this.position = p;
  }

  /** Goes to the start of the next line. */
  nextLine(): void {
    const { bytes, end } = this;
    let p = this.position;
    while (p < end && bytes[p] !== NEWLINE) p++;
    this.position = p < end ? p + 1 : end;
  }

  /** Skips blanks, then everything up to the next blank or line end. */
  skipWord(): void {
    this.skipBlanks();
    const { bytes, end } = this;
    let p = this.position;
    while (p < end && bytes[p] !== SPACE && bytes[p] !== TAB && bytes[p] !== NEWLINE) p++;
    this.position = p;
  }

  /**
   * Skips blanks and reads an integer, which may be negative. Stops at the first other byte; 0 when
   * no digit stands here.
   */
  integer(): number {
    this.skipBlanks();
    const { bytes, end } = this;
    let p = this.position;
    const negative = p < end && bytes[p] === MINUS;
    if (negative) p++;
    let value = 0;
    for (; p < end; p++) {
      const digit = bytes[p]! - ZERO;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
    }
    this.position = p;
    return negative ? -value : value;
  }

  /** Skips blanks and reads a word as a string; for names, not for every sample's numbers. */
  word(): string {
    this.skipBlanks();
    const start = this.position;
    this.skipWord();
    return this.text(start, this.position);
  }

  /** Bytes as Latin-1 text. Not put together letter by letter: that keeps 20 bytes for each. */
  text(start: number, end: number): string {
    const { buffer, byteOffset } = this.bytes;
    return Buffer.from(buffer, byteOffset + start, Math.max(0, end - start)).toString("latin1");
  }

  /** Moves past `byte` if it stands here. */
  accept(byte: number): boolean {
    if (this.position < this.end && this.bytes[this.position] === byte) {
      this.position++;
      return true;
    }
    return false;
  }
}
