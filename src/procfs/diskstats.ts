/**
 * `/proc/diskstats`, one line per block device and partition.
 * Source: Documentation/admin-guide/iostats.rst, Documentation/block/stat.rst.
 *
 * A line is `major minor name` and 11 numbers; 4 of discards were added in Linux 4.18 and 2 of
 * flushes in 5.5. Later kernels may append more: they are ignored.
 */
/**
 * The numbers of a line, in its order, named as in block/stat.rst. Sectors are of 512 bytes
 * whatever the device's.
 */
export const DISKSTATS_COLUMNS: readonly string[] = [
  ..."read_ios read_merges read_sectors read_ticks".split(" "),
  ..."write_ios write_merges write_sectors write_ticks".split(" "),
  ..."in_flight io_ticks time_in_queue".split(" "),
  ..."discard_ios discard_merges discard_sectors discard_ticks".split(" "),
  ..."flush_ios flush_ticks".split(" "),
];

/** Milliseconds, which the kernel prints as 32-bit numbers: they wrap after 49.7 days of I/O time. */
export const DISKSTATS_32_BIT: ReadonlySet<string> = new Set(
  "read_ticks write_ticks io_ticks time_in_queue discard_ticks flush_ticks".split(" "),
);

/** Of partitions before Linux 2.6.25. */
const FEWEST_NUMBERS = 4;

const NEWLINE = 10;
const SPACE = 32;
const ZERO = 48;

/** Walks over the lines; one object serves all samples. */
export class DiskstatsScanner {
  bytes: Uint8Array = new Uint8Array(0);
  /** The name's bytes on the current line. */
  nameStart = 0;
  nameEnd = 0;
  /** Numbers found on the current line, at most 17; 4 before Linux 2.6.25 on partitions. */
  count = 0;
  /** The numbers; those beyond `count` are 0. */
  readonly values = new Float64Array(DISKSTATS_COLUMNS.length);
  private position = 0;
  private end = 0;

  /** @param end bytes that count */
  reset(bytes: Uint8Array, end = bytes.length): this {
    this.bytes = bytes;
    this.end = end;
    this.position = 0;
    return this;
  }

  /** Goes to the next line that names a device and has its numbers; false at the end. */
  next(): boolean {
    while (this.nextNamed()) if (this.count >= FEWEST_NUMBERS) return true;
    return false;
  }

  private nextNamed(): boolean {
    const { bytes, values, end } = this;
    let p = this.position;
    for (;;) {
      if (p >= end) {
        this.position = end;
        return false;
      }
      // Two numbers that identify the device, which the name does as well.
      for (let skip = 0; skip < 2; skip++) {
        while (p < end && bytes[p] === SPACE) p++;
        while (p < end && bytes[p]! > SPACE) p++;
      }
      while (p < end && bytes[p] === SPACE) p++;
      this.nameStart = p;
      while (p < end && bytes[p]! > SPACE) p++;
      this.nameEnd = p;
      if (this.nameEnd > this.nameStart) break;
      while (p < end && bytes[p] !== NEWLINE) p++;
      p++;
    }
    let count = 0;
    while (p < end && bytes[p] !== NEWLINE) {
      while (p < end && bytes[p] === SPACE) p++;
      let digit = p < end ? bytes[p]! - ZERO : -1;
      if (digit < 0 || digit > 9 || count === values.length) break;
      let value = 0;
      do {
        value = value * 10 + digit;
        p++;
        digit = p < end ? bytes[p]! - ZERO : -1;
      } while (digit >= 0 && digit <= 9);
      values[count++] = value;
    }
    this.count = count;
    values.fill(0, count);
    while (p < end && bytes[p] !== NEWLINE) p++;
    this.position = p + 1;
    return true;
  }

  /** Whether the current line is of the device with this name, given as bytes. */
  isNamed(name: Uint8Array): boolean {
    const { bytes, nameStart } = this;
    if (this.nameEnd - nameStart !== name.length) return false;
    for (let i = 0; i < name.length; i++) if (bytes[nameStart + i] !== name[i]) return false;
    return true;
  }

  name(): string {
    let text = "";
    for (let p = this.nameStart; p < this.nameEnd; p++) text += String.fromCharCode(this.bytes[p]!);
    return text;
  }
}
