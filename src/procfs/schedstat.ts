/**
 * `/proc/schedstat`, versions 12 to 17: per CPU a line of counters, whose last three are about waiting
 * to run, and lines about its scheduling domains, which are passed over. They make the file some
 * kilobyte per CPU, so it is taken in stretches.
 * https://docs.kernel.org/scheduler/sched-stats.html (which says jiffies where there are nanoseconds)
 */
import type { ByteScanner } from "../util/byte-scanner.ts";

/** The last numbers of the line of a CPU. */
export const SCHEDSTAT_WIDTH = 3;

const C = 99;
const MAX_NUMBERS = 16;

export class Schedstat {
  /** Lines of CPUs there were: those that are online. */
  count = 0;
  cpus = new Int32Array(16);
  /**
   * Per line: nanoseconds that tasks ran on the CPU, nanoseconds that runnable tasks waited for it,
   * times that a task was put on it.
   */
  values = new Float64Array(16 * SCHEDSTAT_WIDTH);
  sizeBytes = 0;
  private readonly numbers = new Float64Array(MAX_NUMBERS);

  begin(): void {
    this.count = 0;
  }

  takeLines(scanner: ByteScanner): void {
    while (!scanner.atEnd) {
      const { bytes, position: p } = scanner;
      // Not `version`, `timestamp`, `domain0`.
      if (bytes[p] === C && bytes[p + 1] === 112 && bytes[p + 2] === 117) {
        scanner.position += 3;
        this.readCpu(scanner);
      }
      scanner.nextLine();
    }
  }

  /** @throws when there was no CPU in it */
  end(sizeBytes: number): void {
    if (this.count === 0) throw new Error("there are no CPUs in it");
    this.sizeBytes = sizeBytes;
  }

  private readCpu(scanner: ByteScanner): void {
    const cpu = scanner.integer();
    let n = 0;
    for (scanner.skipBlanks(); !scanner.atLineEnd && n < MAX_NUMBERS; scanner.skipBlanks()) {
      const { position } = scanner;
      this.numbers[n++] = scanner.integer();
      if (scanner.position === position) return;
    }
    if (n < SCHEDSTAT_WIDTH) return;
    const index = this.count++;
    if (index === this.cpus.length) this.grow();
    this.cpus[index] = cpu;
    for (let i = 0; i < SCHEDSTAT_WIDTH; i++) {
      this.values[index * SCHEDSTAT_WIDTH + i] = this.numbers[n - SCHEDSTAT_WIDTH + i]!;
    }
  }

  private grow(): void {
    const cpus = new Int32Array(this.cpus.length * 2);
    cpus.set(this.cpus);
    this.cpus = cpus;
    const values = new Float64Array(this.values.length * 2);
    values.set(this.values);
    this.values = values;
  }
}
