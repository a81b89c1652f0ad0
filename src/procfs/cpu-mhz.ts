/**
 * The clock of each CPU in `/proc/cpuinfo`: `cpu MHz : 2596.142` (x86), `clock : 3425.000000MHz`
 * (POWER). Other architectures do not tell. The file has some kilobyte per CPU and is taken in
 * stretches.
 */
import type { ByteScanner } from "../util/byte-scanner.ts";

const C = 99;
const P = 112;
const COLON = 58;
const DOT = 46;
const NEWLINE = 10;

export class CpuMhz {
  /** CPUs whose clock is told, by number; only the first `count`. */
  count = 0;
  cpus = new Int32Array(16);
  /** Their clock in kHz. */
  khz = new Float64Array(16);
  sizeBytes = 0;
  private cpu = 0;

  begin(): void {
    this.count = 0;
    this.cpu = 0;
  }

  takeLines(scanner: ByteScanner): void {
    while (!scanner.atEnd) {
      const { bytes, position: p } = scanner;
      // `processor`, `cpu MHz` (not `cpu family`, `cpuid level`, `cpu cores`), `clock`.
      if (bytes[p] === P && bytes[p + 1] === 114 && bytes[p + 2] === 111) {
        if (skipPastColon(scanner)) this.cpu = scanner.integer();
      } else if (bytes[p] === C && (isMhz(bytes, p) || isClock(bytes, p))) {
        if (skipPastColon(scanner)) this.add(kilohertz(scanner));
      }
      // The line of flags has a kilobyte.
      const lineEnd = bytes.indexOf(NEWLINE, scanner.position);
      scanner.position = lineEnd < 0 || lineEnd >= scanner.end ? scanner.end : lineEnd + 1;
    }
  }

  end(sizeBytes: number): void {
    this.sizeBytes = sizeBytes;
  }

  private add(khz: number): void {
    const index = this.count++;
    if (index === this.cpus.length) {
      const cpus = new Int32Array(index * 2);
      cpus.set(this.cpus);
      this.cpus = cpus;
      const larger = new Float64Array(index * 2);
      larger.set(this.khz);
      this.khz = larger;
    }
    this.cpus[index] = this.cpu;
    this.khz[index] = khz;
  }
}

function isMhz(bytes: Uint8Array, p: number): boolean {
  return bytes[p + 2] === 117 && bytes[p + 4] === 77; // cpu M
}

function isClock(bytes: Uint8Array, p: number): boolean {
  return bytes[p + 1] === 108 && bytes[p + 4] === 107; // cl..k
}

function skipPastColon(scanner: ByteScanner): boolean {
  while (!scanner.atLineEnd && scanner.bytes[scanner.position] !== COLON) scanner.position++;
  return scanner.accept(COLON);
}

/** `2596.142`, `3425.000000MHz`: three decimals count. */
function kilohertz(scanner: ByteScanner): number {
  let khz = scanner.integer() * 1000;
  if (!scanner.accept(DOT)) return khz;
  const { bytes } = scanner;
  for (let unit = 100; unit >= 1; unit /= 10) {
    const digit = bytes[scanner.position]! - 48;
    if (digit < 0 || digit > 9) break;
    khz += digit * unit;
    scanner.position++;
  }
  return khz;
}
