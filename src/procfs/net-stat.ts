/**
 * Files of `/proc/net/stat` (nf_conntrack, arp_cache, ndisc_cache): a line of names, then a line of
 * hexadecimal numbers per CPU that may ever be there. Printed by `ct_cpu_seq_show` in the kernel's
 * net/netfilter/nf_conntrack_standalone.c and `neigh_stat_seq_show` in net/core/neighbour.c.
 */
import type { ByteScanner } from "../util/byte-scanner.ts";

const NEWLINE = 10;
const BLANK = 32;
/** The whole table's number of entries, repeated on every line. */
const SHARED = "entries";
const WRAP_32 = 2 ** 32;

export class NetStat {
  /** Names of the columns; another array when the file's first line has changed. */
  names: readonly string[] = [];
  /**
   * Per column the sum over all CPUs, of 32-bit numbers modulo 2^32, so that the sum wraps as each
   * of them does.
   */
  values = new Float64Array(0);
  private readonly bits: 32 | 64;
  private header = new Uint8Array(0);
  private shared = -1;

  /** @param bits width of the kernel's numbers */
  constructor(bits: 32 | 64) {
    this.bits = bits;
  }

  read(scanner: ByteScanner): void {
    this.readHeader(scanner);
    const { values, shared, bits } = this;
    const { bytes, end } = scanner;
    values.fill(0);
    let p = scanner.position;
    let column = 0;
    while (p < end) {
      const byte = bytes[p]!;
      if (byte === NEWLINE) column = 0;
      if (byte <= BLANK) {
        p++;
        continue;
      }
      let value = 0;
      for (; p < end && bytes[p]! > BLANK; p++) value = value * 16 + hexDigit(bytes[p]!);
      if (column === shared) values[column] = value;
      else if (column < values.length) {
        const sum = values[column]! + value;
        values[column] = bits === 32 && sum >= WRAP_32 ? sum - WRAP_32 : sum;
      }
      column++;
    }
    scanner.position = end;
  }

  private readHeader(scanner: ByteScanner): void {
    const { bytes, position } = scanner;
    scanner.nextLine();
    const length = scanner.position - position;
    let same = length === this.header.length;
    for (let i = 0; same && i < length; i++) same = bytes[position + i] === this.header[i];
    if (same) return;
    this.header = bytes.slice(position, scanner.position);
    this.names = scanner
      .text(position, scanner.position)
      .split(/\s+/)
      .filter((name) => name !== "");
    this.values = new Float64Array(this.names.length);
    this.shared = this.names.indexOf(SHARED);
  }
}

/** Digits, then letters of either case. */
function hexDigit(byte: number): number {
  return byte < 58 ? byte - 48 : (byte & 0xdf) - 55;
}
