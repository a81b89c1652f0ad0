/**
 * `/proc/net/dev`, two lines of headings and one line per network interface of the reader's
 * network namespace. Source: man7.org proc_pid_net(5), Documentation/networking/statistics.rst.
 */
/**
 * The numbers of a line, in its order, named as in `/sys/class/net/<interface>/statistics`. Some
 * are sums: `rx_dropped` holds rx_missed_errors too, `rx_frame_errors` all length, overrun, CRC and
 * frame errors, `tx_carrier_errors` also aborted, window and heartbeat errors.
 */
export const NET_DEV_COLUMNS: readonly string[] = [
  ..."rx_bytes rx_packets rx_errors rx_dropped".split(" "),
  ..."rx_fifo_errors rx_frame_errors rx_compressed multicast".split(" "),
  ..."tx_bytes tx_packets tx_errors tx_dropped".split(" "),
  ..."tx_fifo_errors collisions tx_carrier_errors tx_compressed".split(" "),
];

const NEWLINE = 10;
const SPACE = 32;
const BAR = 124;
const COLON = 58;
const ZERO = 48;

/** Walks over the interfaces; one object serves all samples. */
export class NetDevScanner {
  bytes: Uint8Array = new Uint8Array(0);
  nameStart = 0;
  nameEnd = 0;
  readonly values = new Float64Array(NET_DEV_COLUMNS.length);
  /** Numbers found on the current line. */
  private count = 0;
  private position = 0;
  private end = 0;

  /** @param end bytes that count */
  reset(bytes: Uint8Array, end = bytes.length): this {
    this.bytes = bytes;
    this.end = end;
    this.position = 0;
    return this;
  }

  /** Goes to the next line of an interface with all its numbers; false at the end. */
  next(): boolean {
    while (this.nextNamed()) if (this.count === this.values.length) return true;
    return false;
  }

  /** Goes past the headings to the next line with a name. */
  private nextNamed(): boolean {
    const { bytes, values, end } = this;
    let p = this.position;
    for (;;) {
      if (p >= end) {
        this.position = end;
        return false;
      }
      while (p < end && bytes[p] === SPACE) p++;
      this.nameStart = p;
      while (p < end && bytes[p] !== NEWLINE && bytes[p] !== BAR && bytes[p] !== COLON) p++;
      this.nameEnd = p;
      if (p < end && bytes[p] === COLON) break;
      while (p < end && bytes[p] !== NEWLINE) p++;
      p++;
    }
    p++;
    this.count = 0;
    // No blank need stand between the colon and the first number (before Linux 2.6.31).
    for (let i = 0; i < values.length; i++) {
      while (p < end && bytes[p] === SPACE) p++;
      const first = p;
      let value = 0;
      for (; p < end; p++) {
        const digit = bytes[p]! - ZERO;
        if (digit < 0 || digit > 9) break;
        value = value * 10 + digit;
      }
      values[i] = value;
      if (p > first) this.count++;
    }
    while (p < end && bytes[p] !== NEWLINE) p++;
    this.position = p + 1;
    return true;
  }

  /** Whether the current line is of the interface with this name, given as bytes. */
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
