/**
 * `/proc/net/tcp` and `tcp6`: a line per socket, printed by `get_tcp4_sock` in the kernel's
 * `net/ipv4/tcp_ipv4.c`. Kept are sums over the connections to other hosts, no addresses.
 *
 *     sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
 *      0: 0B00630A:1BBC 0C00630A:9C40 01 00000B50:00000000 01:00000014 00000000     0        0 1234 2 0 21 4 30 10 -1
 */
import type { ByteScanner } from "../util/byte-scanner.ts";
import type { LineTaker } from "../util/reread-file.ts";

/** TCP_ESTABLISHED. */
const ESTABLISHED = 1;
/**
 * A receiver acknowledges every second full segment at once (RFC 1122, 4.2.3.2). Less than two may be
 * waiting for nothing but its timer; more has not arrived, or the answer has not.
 */
const TWO_SEGMENTS_BYTES = 2 * 1448;
/** Words between the queues and the retransmission timeout. */
const WORDS_TO_TIMEOUT = 7;
const COLON = 58;
const BLANK = 32;

export class TcpQueues implements LineTaker {
  /** Established connections whose two ends are not the same address. */
  connections = 0;
  unacknowledgedBytes = 0;
  unreadBytes = 0;
  /** Connections with two full segments and more that are not acknowledged. */
  sending = 0;
  /** Connections with bytes that no program has read. */
  unread = 0;
  /** Sum of the connections' retransmission timeouts, in ticks of USER_HZ. */
  timeoutTicks = 0;

  clear(): void {
    this.connections = 0;
    this.unacknowledgedBytes = 0;
    this.unreadBytes = 0;
    this.sending = 0;
    this.unread = 0;
    this.timeoutTicks = 0;
  }

  /** Adds whole lines; the head line, and lines of another form, add nothing. */
  takeLines(scanner: ByteScanner): void {
    while (!scanner.atEnd) {
      this.takeLine(scanner);
      scanner.nextLine();
    }
  }

  private takeLine(scanner: ByteScanner): void {
    scanner.skipWord();
    scanner.skipBlanks();
    const local = scanner.position;
    scanner.skipWord();
    scanner.skipBlanks();
    const remote = scanner.position;
    scanner.skipWord();
    if (hexadecimal(scanner) !== ESTABLISHED || sameAddress(scanner.bytes, local, remote)) return;
    const unacknowledged = hexadecimal(scanner);
    if (!scanner.accept(COLON)) return;
    const unread = hexadecimal(scanner);
    for (let i = 0; i < WORDS_TO_TIMEOUT; i++) scanner.skipWord();
    this.timeoutTicks += scanner.integer();
    this.connections++;
    this.unacknowledgedBytes += unacknowledged;
    this.unreadBytes += unread;
    if (unacknowledged >= TWO_SEGMENTS_BYTES) this.sending++;
    if (unread > 0) this.unread++;
  }
}

/** Skips blanks and reads digits of base 16; -1 when there is none. */
function hexadecimal(scanner: ByteScanner): number {
  scanner.skipBlanks();
  const { bytes, end } = scanner;
  let p = scanner.position;
  let value = 0;
  const start = p;
  for (; p < end; p++) {
    const byte = bytes[p]!;
    const digit = byte < COLON ? byte - 48 : (byte & 0xdf) - 55;
    if (digit < 0 || digit > 15 || byte === COLON) break;
    value = value * 16 + digit;
  }
  scanner.position = p;
  return p === start ? -1 : value;
}

/** Whether two words are equal up to their colons: both ends of a connection are on one host. */
function sameAddress(bytes: Uint8Array, one: number, other: number): boolean {
  for (let i = 0; bytes[one + i]! > BLANK; i++) {
    if (bytes[one + i] !== bytes[other + i]) return false;
    if (bytes[one + i] === COLON) return true;
  }
  return false;
}
