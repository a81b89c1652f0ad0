/**
 * A /proc and /sys of a large host, changed every second, for a recorder to read: CPUs, disks and
 * interfaces that are busy at random, the rest copied from this host as it is at that moment.
 */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { seededRandom } from "../../test/support/synthetic-log.ts";

export interface LargeHost {
  readonly cpus: number;
  readonly disks: number;
  readonly interfaces: number;
}

const COPIED =
  "uptime loadavg vmstat meminfo buddyinfo net/snmp net/netstat net/snmp6 net/sockstat net/sockstat6 " +
  "pressure/cpu pressure/memory pressure/io swaps cpuinfo sys/kernel/hostname";
const SOFTIRQS = "HI TIMER NET_TX NET_RX BLOCK IRQ_POLL TASKLET SCHED HRTIMER RCU".split(" ");

export class LargeTree {
  readonly folder: string;
  private readonly host: LargeHost;
  private readonly inPlace: boolean;
  private readonly random = seededRandom(64);
  private readonly counts = new Map<string, number>();

  /** @param inPlace for a reader that keeps files open, and reads between steps only */
  constructor(folder: string, host: LargeHost, inPlace = false) {
    this.folder = folder;
    this.host = host;
    this.inPlace = inPlace;
    for (let i = 0; i < host.disks; i++) {
      this.write(`sys/block/sd${i}/size`, "7814037168\n");
      this.write(`sys/block/sd${i}/queue/rotational`, "1\n");
      this.write(`sys/block/sd${i}/device/model`, "ST4000NM0035-1V4\n");
    }
    for (let i = 0; i < host.interfaces; i++) {
      this.write(`sys/class/net/eth${i}/speed`, "25000\n");
      this.write(`sys/class/net/eth${i}/device/vendor`, "0x15b3\n");
    }
    this.step();
  }

  /** One second later. */
  step(): void {
    for (const file of COPIED.split(" ")) {
      try {
        this.write(`proc/${file}`, readFileSync(`/proc/${file}`));
      } catch {
        // Not on this kernel.
      }
    }
    this.write("proc/stat", this.stat());
    this.write("proc/diskstats", this.diskstats());
    this.write("proc/softirqs", this.softirqs());
    this.write("proc/net/softnet_stat", this.softnet());
    this.write("proc/net/dev", this.netDev());
    this.write("proc/interrupts", this.interrupts());
  }

  /** A number that grows by up to `most` a second, in the given share of seconds. */
  private count(key: string, most: number, share = 1): number {
    const before = this.counts.get(key) ?? Math.floor(this.random() * most * 1e5);
    const now = this.random() < share ? before + Math.floor(this.random() * most) : before;
    this.counts.set(key, now);
    return now;
  }

  private each(count: number, line: (i: number) => string): string {
    return Array.from({ length: count }, (_, i) => line(i)).join("");
  }

  private stat(): string {
    const times = (cpu: number) =>
      [50, 0, 20, 60, 5, 0, 3, 0, 0, 0]
        .map((most, i) => this.count(`cpu${cpu} ${i}`, most))
        .join(" ");
    const cpus = this.each(this.host.cpus, (cpu) => `cpu${cpu} ${times(cpu)}\n`);
    const each = Array.from({ length: 3000 }, (_, i) => this.count(`irq${i}`, 500, 0.05)).join(" ");
    const rest = `ctxt ${this.count("ctxt", 1e6)}\nbtime 1700000000\nprocesses ${this.count("forks", 50)}\n`;
    const soft = SOFTIRQS.map((kind) => this.count(kind, 1e4)).join(" ");
    return (
      `cpu  ${times(-1)}\n${cpus}intr ${this.count("intr", 1e6)} ${each}\n${rest}procs_running 9\n` +
      `procs_blocked 0\nsoftirq ${this.count("softirq", 1e5)} ${soft}\n`
    );
  }

  private diskstats(): string {
    return this.each(this.host.disks, (disk) => {
      const busy = disk % 4 === 0 ? 1 : 0.05;
      const numbers = [90, 10, 20000, 500, 60, 20, 30000, 900, 2, 1000, 1500].map((most, i) =>
        this.count(`sd${disk} ${i}`, most, busy),
      );
      return `   8 ${disk * 16} sd${disk} ${numbers.join(" ")} 0 0 0 0 0 0\n`;
    });
  }

  private softirqs(): string {
    const row = (kind: string) =>
      this.each(this.host.cpus, (cpu) => this.padded(`${kind}${cpu}`, 900, 0.6));
    return `${this.header()}${SOFTIRQS.map((kind) => `${kind.padStart(12)}:${row(kind)}\n`).join("")}`;
  }

  private interrupts(): string {
    const row = (irq: number) =>
      this.each(this.host.cpus, (cpu) => this.padded(`i${irq} ${cpu}`, 900, 0.02));
    const rows = this.each(
      200,
      (irq) => `${irq}:${row(irq)}  IR-PCI-MSI 524288-edge mlx5-${irq}\n`,
    );
    return `${this.header()}${rows}`;
  }

  private header(): string {
    return `${this.each(this.host.cpus, (cpu) => `CPU${cpu}`.padStart(11))}\n`;
  }

  private padded(key: string, most: number, share: number): string {
    return String(this.count(key, most, share)).padStart(11);
  }

  private softnet(): string {
    return this.each(this.host.cpus, (cpu) => {
      const words = [5000, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0].map((most, i) =>
        (this.count(`net${cpu} ${i}`, most, 0.7) >>> 0).toString(16).padStart(8, "0"),
      );
      return `${words.join(" ")}\n`;
    });
  }

  private netDev(): string {
    const lines = this.each(this.host.interfaces, (i) => {
      const numbers = [1e8, 1e5, 0, 0, 0, 0, 0, 3, 1e8, 1e5, 0, 0, 0, 0, 0, 0];
      return `  eth${i}: ${numbers.map((most, n) => this.count(`eth${i} ${n}`, most)).join(" ")}\n`;
    });
    return `Inter-|   Receive  |  Transmit\n face |bytes    packets|bytes    packets\n${lines}`;
  }

  /** Unless in place, in one step, so that nobody reads half of a file. */
  private write(path: string, content: string | Buffer): void {
    const file = join(this.folder, path);
    mkdirSync(dirname(file), { recursive: true });
    if (this.inPlace) return writeFileSync(file, content);
    writeFileSync(`${file}.new`, content);
    renameSync(`${file}.new`, file);
  }
}
