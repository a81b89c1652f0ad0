/**
 * `/proc/interrupts`: a line of CPUs, then per interrupt a count for each of them, `unsigned int`.
 * `show_interrupts` of the kernel's `kernel/irq/proc.c`, and the architecture's own lines below
 * (`LOC`, `RES`, ...). With 1,024 CPUs and 2,000 interrupts it is 20 MB, so it is taken in
 * stretches, and only sums are kept.
 */
import type { ByteScanner } from "../util/byte-scanner.ts";

const COLON = 58;
const NEWLINE = 10;
const BLANK = 32;
const ZERO = 48;
const WRAP = 2 ** 32;
/** Large hosts have some 3,000. */
const MAX_LINES = 16_384;

/** What is counted per CPU, beside all interrupts together; by the label of x86. */
export const CPU_KINDS = ["LOC", "RES", "CAL", "TLB", "NMI", "MCE", "TRM", "THR"] as const;

/** Other architectures number these interrupts and say in words what they are. */
const KIND_OF_WORDS: Readonly<Record<string, string>> = {
  "Rescheduling interrupts": "RES",
  "Function call interrupts": "CAL",
};

export interface InterruptLine {
  /** `36`, `LOC`. */
  readonly label: string;
  /** Who handles it (`virtio1-req.0`), or what it is (`Local timer interrupts`); may be empty. */
  readonly action: string;
  /** Interrupt of a device, not one of the architecture's own. */
  readonly isDevice: boolean;
  /** Position in `CPU_KINDS`, or -1. */
  readonly kind: number;
  /** Of the line's words, to see that it is the same line the next time. */
  readonly hash: number;
}

export class Interrupts {
  readonly lines: InterruptLine[] = [];
  /** Per line the sum over CPUs, modulo 2^32 as each of them is. */
  counts = new Float64Array(64);
  /** Raised whenever the lines have changed. */
  version = 0;
  /** CPUs that are online; another array whenever they have changed. */
  cpus: readonly number[] = [];
  /** Per CPU all its interrupts, then those in the order of `CPU_KINDS`; modulo 2^32. */
  perCpu = new Float64Array(0);
  sizeBytes = 0;
  private cpusHash = -1;
  private count = 0;

  begin(): void {
    this.count = -1;
    this.perCpu.fill(0);
  }

  takeLines(scanner: ByteScanner): void {
    while (!scanner.atEnd) {
      if (this.count < 0) this.readCpus(scanner);
      else this.readLine(scanner);
      scanner.nextLine();
    }
  }

  /** @throws when there is no line of CPUs */
  end(sizeBytes: number): void {
    if (this.count < 0) throw new Error("it is empty");
    this.sizeBytes = sizeBytes;
    if (this.count < this.lines.length) {
      this.lines.length = Math.max(0, this.count);
      this.version++;
    }
    const { perCpu, counts } = this;
    for (let i = 0; i < perCpu.length; i++) perCpu[i] = perCpu[i]! % WRAP;
    for (let i = 0; i < this.lines.length; i++) counts[i] = counts[i]! % WRAP;
  }

  private readCpus(scanner: ByteScanner): void {
    this.count = 0;
    const start = scanner.position;
    const end = lineEnd(scanner);
    const hash = hashOf(scanner.bytes, start, end, 0);
    if (hash === this.cpusHash) return;
    const words = scanner.text(start, end).split(/\s+/).filter(Boolean);
    const isHeader = words.length > 0 && words.every((word) => /^CPU\d{1,7}$/.test(word));
    if (!isHeader) throw new Error("its first line is not one of CPUs");
    this.cpusHash = hash;
    this.cpus = words.map((word) => Number(word.slice(3)));
    this.perCpu = new Float64Array(this.cpus.length * (1 + CPU_KINDS.length));
  }

  private readLine(scanner: ByteScanner): void {
    const { bytes } = scanner;
    const end = lineEnd(scanner);
    scanner.skipBlanks();
    const start = scanner.position;
    const colon = bytes.indexOf(COLON, start);
    if (colon < 0 || colon >= end) return;
    if (this.count === MAX_LINES) throw new Error(`it has more than ${MAX_LINES} interrupts`);
    const index = this.count++;
    if (index === this.counts.length) this.grow();
    // The kind is known from the time before; a line that turns out to be another one is read again.
    const known = this.lines[index];
    const tail = this.readCounts(bytes, colon + 1, end, index, known ? known.kind : -1);
    const hash = hashOf(bytes, tail, end, hashOf(bytes, start, colon, index));
    if (known && known.hash === hash) return;
    const line = describe(scanner.text(start, colon), scanner.text(tail, end), hash);
    this.lines[index] = line;
    this.version++;
    const before = known ? known.kind : -1;
    if (line.kind !== before) this.moveKind(bytes, colon + 1, end, before, line.kind);
  }

  /** Adds up the counts of a line; returns where its words begin. */
  private readCounts(
    bytes: Uint8Array,
    from: number,
    end: number,
    index: number,
    kind: number,
  ): number {
    const { perCpu } = this;
    const cpus = this.cpus.length;
    const width = 1 + CPU_KINDS.length;
    let p = from;
    let sum = 0;
    let cpu = 0;
    for (; cpu < cpus; cpu++) {
      while (p < end && bytes[p] === BLANK) p++;
      const first = p;
      let value = 0;
      for (; p < end; p++) {
        const digit = bytes[p]! - ZERO;
        if (digit < 0 || digit > 9) break;
        value = value * 10 + digit;
      }
      if (p === first) break;
      sum += value;
      // ERR and MIS have a single number, which is of no CPU: taken back below.
      const at = cpu * width;
      perCpu[at] = perCpu[at]! + value;
      if (kind >= 0) perCpu[at + 1 + kind] = perCpu[at + 1 + kind]! + value;
    }
    if (cpu === 1 && cpus > 1) perCpu[0] = perCpu[0]! - sum;
    this.counts[index] = sum;
    while (p < end && bytes[p] === BLANK) p++;
    return p;
  }

  /** Counts a line under another kind than it was counted under. Seldom: when lines change. */
  private moveKind(
    bytes: Uint8Array,
    from: number,
    end: number,
    before: number,
    now: number,
  ): void {
    const width = 1 + CPU_KINDS.length;
    const words = Buffer.from(bytes.subarray(from, end)).toString("latin1").trim().split(/\s+/);
    for (let cpu = 0; cpu < this.cpus.length; cpu++) {
      const value = Number(words[cpu]);
      if (!(value >= 0)) return;
      const at = cpu * width + 1;
      if (before >= 0) this.perCpu[at + before] = this.perCpu[at + before]! - value;
      if (now >= 0) this.perCpu[at + now] = this.perCpu[at + now]! + value;
    }
  }

  private grow(): void {
    const larger = new Float64Array(this.counts.length * 2);
    larger.set(this.counts);
    this.counts = larger;
  }
}

/** `PCI-MSIX-0000:00:01.0   0-edge      virtio0-config`: chip, number and trigger, handlers. */
function describe(label: string, words: string, hash: number): InterruptLine {
  const isDevice = /^\d+$/.test(label);
  const parts = words.trim().split(/\s{2,}/);
  const last = parts.length > 1 ? parts[parts.length - 1]! : "";
  const isTrigger = /^\d+(-\w+)?( (Level|Edge))?$/i.test(last);
  const action = isDevice ? (isTrigger ? "" : last) : words.trim();
  const kind = isDevice
    ? -1
    : (CPU_KINDS as readonly string[]).indexOf(KIND_OF_WORDS[action] ?? label);
  return { label, action, isDevice, kind, hash };
}

function lineEnd({ bytes, position, end }: ByteScanner): number {
  const found = bytes.indexOf(NEWLINE, position);
  return found < 0 || found > end ? end : found;
}

/** FNV-1a. */
function hashOf(bytes: Uint8Array, from: number, end: number, seed: number): number {
  let hash = 0x811c9dc5 ^ seed;
  for (let p = from; p < end; p++) hash = Math.imul(hash ^ bytes[p]!, 0x01000193);
  return hash;
}
