/**
 * Hosts too large to be stored: as many CPUs, disks and interfaces as asked for, with counters that
 * grow by known amounts from one snapshot to the next.
 */
import type { FakeHost } from "../support/fake-host.ts";

export interface LargeHostOptions {
  readonly cpus: number;
  /** Numbers of CPUs that are offline. */
  readonly offline?: readonly number[];
  /** Multipath disks, each of two paths; and NVMe disks with two partitions each. */
  readonly multipathDisks: number;
  readonly nvmeDisks: number;
  /** Bonds of two cards each, with a VLAN on top, and pairs of container interfaces. */
  readonly bonds: number;
  readonly containers: number;
}

/** What a device, CPU or interface does per second, in the unit that its file counts in. */
export const PER_SECOND = { busyTicks: 25, reads: 10, readSectors: 80, bytes: 125_000 } as const;

/** Writes all files as they are `seconds` after the start. */
export function writeLargeHost(host: FakeHost, options: LargeHostOptions, seconds: number): void {
  const cpus = Array.from({ length: options.cpus }, (_, cpu) => cpu).filter(
    (cpu) => !options.offline?.includes(cpu),
  );
  host.write("proc/uptime", `${1000 + seconds}.00 0.00\n`);
  host.write("proc/loadavg", "1.00 1.00 1.00 2/500 4711\n");
  host.write("proc/stat", statText(cpus, seconds));
  host.write("proc/softirqs", softirqsText(cpus, seconds));
  host.write("proc/net/softnet_stat", softnetText(cpus, seconds));
  host.write("proc/diskstats", diskstatsText(options, seconds));
  host.write("proc/net/dev", netDevText(options, seconds));
}

/** Writes what of /sys stays: which devices are built of which. */
export function writeLargeSysfs(host: FakeHost, options: LargeHostOptions): void {
  for (let i = 0; i < options.multipathDisks; i++) {
    for (const path of pathsOf(i)) {
      host.write(`sys/block/${path}/size`, "2097152\n");
      host.link(`sys/block/dm-${i}/slaves/${path}`, `../../${path}`);
    }
    host.write(`sys/block/dm-${i}/size`, "2097152\n");
    host.write(`sys/block/dm-${i}/dm/name`, `mpath${i}\n`);
  }
  for (let i = 0; i < options.nvmeDisks; i++) {
    host.write(`sys/block/nvme${i}n1/size`, "4194304\n");
    for (const part of [1, 2]) host.write(`sys/block/nvme${i}n1/nvme${i}n1p${part}/partition`, `${part}\n`);
  }
  for (let i = 0; i < options.bonds; i++) {
    for (const card of cardsOf(i)) {
      host.write(`sys/class/net/${card}/speed`, "10000\n");
      host.write(`sys/class/net/${card}/type`, "1\n");
      host.makeFolder(`sys/class/net/${card}/device`);
      host.link(`sys/class/net/${card}/master`, `../bond${i}`);
    }
    host.write(`sys/class/net/bond${i}/speed`, "20000\n");
    host.write(`sys/class/net/bond${i}/bonding/mode`, "802.3ad 4\n");
    host.write(`sys/class/net/bond${i}.7/type`, "1\n");
  }
  for (let i = 0; i < options.containers; i++) host.write(`sys/class/net/veth${i}/type`, "1\n");
}

/** The two disks behind a multipath one, named as the kernel does: sda, ..., sdz, sdaa, ... */
function pathsOf(disk: number): string[] {
  return [scsiName(2 * disk), scsiName(2 * disk + 1)];
}

function scsiName(index: number): string {
  let name = "";
  for (let rest = index; rest >= 0; rest = Math.floor(rest / 26) - 1) {
    name = String.fromCharCode(97 + (rest % 26)) + name;
  }
  return `sd${name}`;
}

function cardsOf(bond: number): string[] {
  return [`ens${bond}f0`, `ens${bond}f1`];
}

function statText(cpus: readonly number[], seconds: number): string {
  const busy = PER_SECOND.busyTicks * seconds;
  const idle = (100 - PER_SECOND.busyTicks) * seconds;
  const times = `${1000 + busy} 0 0 ${9000 + idle} 0 0 0 0 0 0`;
  const interrupts = Array.from({ length: 4 * cpus.length }, () => "1").join(" ");
  return (
    `cpu  ${times}\n${cpus.map((cpu) => `cpu${cpu} ${times}\n`).join("")}` +
    `intr ${5000 + 100 * seconds} ${interrupts}\nctxt ${7000 + 200 * seconds}\nbtime 1\n` +
    "processes 10\nprocs_running 1\nprocs_blocked 0\nsoftirq 0 0 0 0 0 0 0 0 0 0 0\n"
  );
}

function softirqsText(cpus: readonly number[], seconds: number): string {
  const kinds = "HI TIMER NET_TX NET_RX BLOCK IRQ_POLL TASKLET SCHED HRTIMER RCU".split(" ");
  const heading = cpus.map((cpu) => `CPU${cpu}`).join(" ");
  const row = cpus.map(() => 100 + seconds).join(" ");
  return `${heading}\n${kinds.map((kind) => `${kind}: ${row}\n`).join("")}`;
}

function softnetText(cpus: readonly number[], seconds: number): string {
  const hex = (value: number): string => value.toString(16).padStart(8, "0");
  return cpus
    .map((cpu) => {
      const line = Array.from({ length: 15 }, () => 0);
      line[0] = 10 + seconds;
      line[12] = cpu;
      return `${line.map(hex).join(" ")}\n`;
    })
    .join("");
}

function diskstatsText(options: LargeHostOptions, seconds: number): string {
  const reads = 100 + PER_SECOND.reads * seconds;
  const sectors = 800 + PER_SECOND.readSectors * seconds;
  const numbers = `${reads} 0 ${sectors} ${reads} 0 0 0 0 0 ${reads} ${reads} 0 0 0 0 0 0`;
  const line = (name: string): string => `   8       0 ${name} ${numbers}\n`;
  const names: string[] = [];
  for (let i = 0; i < options.multipathDisks; i++) names.push(...pathsOf(i), `dm-${i}`);
  for (let i = 0; i < options.nvmeDisks; i++) {
    names.push(`nvme${i}n1`, `nvme${i}n1p1`, `nvme${i}n1p2`);
  }
  return names.map(line).join("");
}

function netDevText(options: LargeHostOptions, seconds: number): string {
  const names = ["lo"];
  for (let i = 0; i < options.bonds; i++) names.push(...cardsOf(i), `bond${i}`, `bond${i}.7`);
  for (let i = 0; i < options.containers; i++) names.push(`veth${i}`);
  const bytes = 1000 + PER_SECOND.bytes * seconds;
  const line = (name: string): string => `${name}: ${bytes} 1 0 0 0 0 0 0 ${bytes} 1 0 0 0 0 0 0\n`;
  return `Inter-| Receive | Transmit\n face |bytes |bytes\n${names.map(line).join("")}`;
}
