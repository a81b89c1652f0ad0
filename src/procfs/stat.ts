/**
 * `/proc/stat`: CPU time per CPU in USER_HZ ticks ("jiffies"), and system-wide event counters.
 * https://docs.kernel.org/filesystems/proc.html#miscellaneous-kernel-statistics-in-proc-stat
 */
import type { ByteScanner } from "../util/byte-scanner.ts";

/** The columns of a `cpu` line; kernels before 2.6.33 have fewer, missing ones are 0. */
export const CPU_TIMES = [
  "user",
  "nice",
  "system",
  "idle",
  "iowait",
  "irq",
  "softirq",
  "steal",
  "guest",
  "guest_nice",
] as const;
const WIDTH = CPU_TIMES.length;

/** The columns of the line `softirq` after its total. */
export const SOFTIRQS = [
  "hi",
  "timer",
  "net_tx",
  "net_rx",
  "block",
  "irq_poll",
  "tasklet",
  "sched",
  "hrtimer",
  "rcu",
] as const;

const C = 99;
const P = 112;
const U = 117;
const NEWLINE = 10;
const SPACE = 32;

export class Stat {
  /** CPUs that are online now. */
  cpuCount = 0;
  /** Their numbers, ascending; only the first `cpuCount` count. */
  cpus = new Int32Array(16);
  /** `CPU_TIMES.length` ticks per CPU, in the order of `cpus`. */
  ticks = new Float64Array(16 * WIDTH);
  interrupts = 0;
  contextSwitches = 0;
  /** Processes and threads created since boot. */
  forks = 0;
  running = 0;
  blocked = 0;
  /** All softirqs since boot, then per kind as in `SOFTIRQS`. */
  readonly softirqs = new Float64Array(1 + SOFTIRQS.length);

  /** @throws when no CPU is in it: an empty file of a container, say */
  read(scanner: ByteScanner): void {
    this.cpuCount = 0;
    while (!scanner.atEnd) {
      const { bytes, position: p } = scanner;
      // Lines are told apart by what comes first and, where that is shared, by a later letter.
      switch (bytes[p]) {
        case C:
          if (bytes[p + 1] === P && bytes[p + 2] === U) this.readCpu(scanner);
          else if (bytes[p + 1] === 116) this.contextSwitches = numberOf(scanner); // ctxt
          break;
        case 105: // intr
          this.interrupts = numberOf(scanner);
          break;
        case P: // processes, procs_running, procs_blocked
          if (bytes[p + 4] === 101) this.forks = numberOf(scanner);
          else if (bytes[p + 6] === 114) this.running = numberOf(scanner);
          else if (bytes[p + 6] === 98) this.blocked = numberOf(scanner);
          break;
        case 115: // softirq
          scanner.skipWord();
          for (let i = 0; i < this.softirqs.length; i++) this.softirqs[i] = scanner.integer();
          break;
        default: // btime, page, swap: not needed
      }
      // The interrupt line has a number per possible interrupt: many kilobytes on large hosts.
      const lineEnd = bytes.indexOf(NEWLINE, scanner.position);
      scanner.position = lineEnd < 0 || lineEnd >= scanner.end ? scanner.end : lineEnd + 1;
    }
    if (this.cpuCount === 0) throw new Error("no CPU is in it");
  }

  private readCpu(scanner: ByteScanner): void {
    scanner.position += 3;
    // The sum of all CPUs is made by the collector, from the CPUs, as sysstat does.
    if (scanner.bytes[scanner.position] === SPACE) return;
    const index = this.cpuCount;
    if (index === this.cpus.length) this.grow();
    this.cpus[index] = scanner.integer();
    const first = index * WIDTH;
    for (let i = 0; i < WIDTH; i++) this.ticks[first + i] = scanner.integer();
    this.cpuCount = index + 1;
  }

  private grow(): void {
    const cpus = new Int32Array(this.cpus.length * 2);
    cpus.set(this.cpus);
    this.cpus = cpus;
    const ticks = new Float64Array(this.ticks.length * 2);
    ticks.set(this.ticks);
    this.ticks = ticks;
  }
}

function numberOf(scanner: ByteScanner): number {
  scanner.skipWord();
  return scanner.integer();
}
